using static Sunsetter.Server.Console.Words;

namespace Sunsetter.Server.Catalogue;

/// <summary>What imports are called on their pages.</summary>
internal static class ImportWords
{
    public static string Name(ImportKind kind) => kind switch
    {
        ImportKind.Modules => T("Modules", "模块"),
        ImportKind.Customers => T("Customers", "客户"),
        ImportKind.Contacts => T("Contacts", "联系人"),
        _ => T("Usage", "使用数据"),
    };

    public static string Columns(ImportKind kind) => kind switch
    {
        ImportKind.Modules => "key, name, name_zh, class, owner, description, depends_on, replacements, capabilities, api_surface, documentation_url, code_url, data_note, since, monthly_cost, currency",
        ImportKind.Customers => "key, name, name_zh, tier, class, account_manager, annual_value, currency, contract_notice_days, time_zone, locale, country",
        ImportKind.Contacts => "customer, email, name, role, locale, phone, im_address",
        _ => "time, module, customer, user, count",
    };

    public static string State(ImportRun run, DateTimeOffset now) => run.State switch
    {
        ImportState.Finished => T("done", "完成"),
        ImportState.Failed => T("stopped", "已停止"),
        _ => run.InterruptedAt(now) ? T("interrupted", "已中断") : T("reading", "读取中"),
    };

    public static string Colour(ImportRun run, DateTimeOffset now) => run.State switch
    {
        ImportState.Finished => run.Rejected > 0 ? "t-warn" : "t-ok",
        ImportState.Failed => "t-bad",
        _ => run.InterruptedAt(now) ? "t-bad" : "s1",
    };
}
