using System.Globalization;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>Words on pages: both languages beside each other where they are used, and the names of things that are named everywhere.</summary>
internal static partial class Words
{
    /// <summary>In the reader's language.</summary>
    public static string T(string en, string zh) => Languages.IsChinese ? zh : en;

    public static string Number(long value) => value.ToString("N0", CultureInfo.CurrentUICulture);

    public static string Money(decimal value, string currency) => $"{currency} {value.ToString("N0", CultureInfo.CurrentUICulture)}";

    /// <summary>1 Mar 2027 in English, 2027年3月1日 in Chinese.</summary>
    public static string Day(DateOnly day) => T(Days.En(day), Days.Zh(day));

    /// <summary>Mar 2027 in English, 2027年3月 in Chinese.</summary>
    public static string Month(DateOnly month) => T(month.ToString("MMM yyyy", CultureInfo.InvariantCulture), $"{month.Year}年{month.Month}月");

    public static string Colon => T(": ", "：");

    public static string Comma => T(", ", "，");

    public static string Semicolon => T("; ", "；");

    /// <summary>Several things in a row, as a sentence lists them.</summary>
    public static string Listed<TOne>(IEnumerable<TOne> things) => string.Join(T(", ", "、"), things);

    /// <summary>An aside in brackets, with the space that goes before it.</summary>
    public static string Aside(string? words) => string.IsNullOrEmpty(words) ? "" : T($" ({words})", $"（{words}）");

    /// <summary>"in 98 days", "today", "3 days ago".</summary>
    public static string Relative(DateOnly day, DateOnly today) => (day.DayNumber - today.DayNumber) switch
    {
        0 => T("today", "今天"),
        1 => T("tomorrow", "明天"),
        -1 => T("yesterday", "昨天"),
        > 0 and var ahead => T($"in {Number(ahead)} days", $"还有 {Number(ahead)} 天"),
        var behind => T($"{Number(-behind)} days ago", $"{Number(-behind)} 天前"),
    };

    /// <summary>Who did something: a person's address, a customer's contact, or the clock.</summary>
    public static string Who(string by) =>
        by == Actor.Clock.Id ? T("by the clock", "系统定时")
        : by.StartsWith("customer:", StringComparison.Ordinal) ? T($"{by["customer:".Length..]} (customer)", $"{by["customer:".Length..]}（客户）") : by;

    /// <summary>A share as a change: "+5%", "−72%", "0%"; a dash where it is not known.</summary>
    public static string Signed(double? share) => share is not { } known ? "—" : (int)Math.Round(100 * known) switch
    {
        0 => "0%",
        > 0 and var more => $"+{Number(more)}%",
        var less => $"−{Number(-less)}%",
    };

    public static string Name(Stage stage) => stage switch
    {
        Stage.Decide => T("Decide", "评估决策"),
        Stage.Announce => T("Announce", "通知沟通"),
        Stage.Migrate => T("Migrate", "迁移支持"),
        Stage.Close => T("Close", "下线收尾"),
        Stage.Observe => T("Observe", "观察复盘"),
        Stage.Finished => T("Finished", "已完成"),
        Stage.Rejected => T("Rejected", "已否决"),
        Stage.Deferred => T("Deferred", "已暂缓"),
        _ => T("Cancelled", "已取消"),
    };

    public static string Name(ReasonKind kind) => kind switch
    {
        ReasonKind.TechnicalRenewal => T("Technical renewal", "技术更新"),
        ReasonKind.ShiftedDemand => T("Shifted user demand", "用户需求变化"),
        ReasonKind.ComplianceOrSecurity => T("Compliance or security", "合规与安全"),
        _ => T("Business strategy", "业务战略"),
    };

    public static string Name(CustomerClass kind) => kind switch
    {
        CustomerClass.Key => T("key", "重点客户"),
        CustomerClass.Enterprise => T("enterprise", "企业客户"),
        _ => T("standard", "普通客户"),
    };

    /// <summary>The class says how a customer is told, the tier what they bought; both may be the same word, so each says which it is.</summary>
    public static string ClassAndTier(CustomerClass kind, string tier) =>
        T($"{Name(kind)} customer", Name(kind)) + (tier.Length == 0 ? "" : T($" · tier {tier}", $" · 套餐：{Tier(tier)}"));

    public static string Tier(string key) => TierOf(key).ToString();

    /// <summary>A customer's plan: those that most vendors have, in both languages; another by the name it was imported with.</summary>
    public static Text TierOf(string key) => key switch
    {
        "standard" => new("standard", "标准版"),
        "business" => new("business", "商务版"),
        "enterprise" => new("enterprise", "企业版"),
        "unknown" => new("unknown", "未知"),
        _ => Text.Same(key),
    };

    public static string Name(Permission permission) => permission switch
    {
        Permission.Read => T("read everything", "读取全部内容"),
        Permission.EditCatalogue => T("edit and import the catalogue", "编辑与导入目录"),
        Permission.WriteUsage => T("send and import usage", "上报与导入使用数据"),
        Permission.Propose => T("propose, gather evidence, set dates", "提议、收集证据、设定日期"),
        Permission.Contribute => T("give a voice, log calls, answer", "发表意见、记录沟通、答复"),
        Permission.Approve => T("approve or reject", "批准或否决"),
        Permission.Announce => T("send notices, publish announcements", "发送通知、发布公告"),
        Permission.Support => T("work at the support desk", "支持台"),
        Permission.Follow => T("follow customers", "跟进客户"),
        Permission.SignOff => T("sign off the replacement", "签字确认替代模块"),
        Permission.Close => T("close and restore", "下线与恢复"),
        Permission.Comply => T("legal hold, retention, deletion", "法律保全、留存与删除"),
        Permission.Administer => T("administer the workspace", "管理工作区"),
        _ => T("see the names of users", "查看用户名单"),
    };

    public static string Name(Role role) => TextOf(role).ToString();

    public static Text TextOf(Role role) => role switch
    {
        Role.Product => new("Product", "产品"),
        Role.Engineering => new("Engineering", "研发"),
        Role.Qa => new("QA", "测试"),
        Role.Operations => new("Operations", "运维"),
        Role.Support => new("Support", "客服支持"),
        Role.Success => new("Customer success", "客户成功"),
        Role.Sales => new("Sales", "销售"),
        Role.Compliance => new("Compliance", "合规法务"),
        _ => new("Administrator", "管理员"),
    };

    /// <summary>The CSS class of something that waits: how urgent it is, else its stage.</summary>
    public static string Colour(Need need) => need.Urgency switch
    {
        Urgency.Late => "t-bad",
        Urgency.Soon => "t-warn",
        _ => Colour(need.Stage),
    };

    /// <summary>Why it waits, and for whom.</summary>
    public static string Waiting(Need need) =>
        $"{need.Why} {T("Waits for", "等待")} {need.Person ?? string.Join(T(", ", "、"), need.Roles.Select(Name))}";

    /// <summary>The CSS class that colours a stage, the same everywhere.</summary>
    public static string Colour(Stage stage) => stage switch
    {
        Stage.Decide => "s1",
        Stage.Announce => "s2",
        Stage.Migrate => "s3",
        Stage.Close => "s4",
        Stage.Observe => "s5",
        _ => "s6",
    };
}
