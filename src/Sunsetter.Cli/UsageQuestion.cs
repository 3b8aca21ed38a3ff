using System.Globalization;
using System.Text.Json;
using static Sunsetter.Cli.Words;

namespace Sunsetter.Cli;

/// <summary>A question about a module's use: where the server answers it and which columns a person wants to see.</summary>
/// <param name="Path">Below <c>/api/v1/modules/{module}/usage</c>.</param>
/// <param name="Rows">The member that holds the rows; "coverage" stands beside it.</param>
/// <param name="NeedsReplacement">It compares with a second module.</param>
internal sealed record UsageQuestion(string Name, string Meaning, string Path, string Rows, bool NeedsReplacement, params (string Member, string Title)[] Columns)
{
    private static readonly (string, string) Customer = ("customer", T("customer", "客户"));

    public static readonly IReadOnlyList<UsageQuestion> All =
    [
        new("customers", T("customers by last use", "按最近使用列出客户"), "customers", "rows", false, Customer, ("tier", T("tier", "套餐")), ("day", T("last day", "最近一天")), ("week", T("7 days", "7 天")), ("month", T("28 days", "28 天")), ("trend", T("trend", "趋势")), ("lastUse", T("last use", "最近使用"))),
        new("overlap", T("users of the old module, the replacement and both", "旧模块、替代模块及两者的用户数"), "overlap", "rows", true, Customer, ("old", T("old", "旧")), ("new", T("new", "新")), ("both", T("both", "两者")), ("onlyOld", T("only old", "仅旧"))),
        new("not-moved", T("users on the old module and not on the replacement", "仍在旧模块且未使用替代模块的用户"), "not-moved", "rows", true, Customer, ("name", T("user", "用户")), ("lastUse", T("last use", "最近使用"))),
        new("standings", T("where every customer stands, with the evidence", "各客户的迁移状态及依据"), "standings", "rows", true, Customer, ("state", T("state", "状态")), ("since", T("since", "起始")), ("evidence", T("evidence", "依据"))),
        new("went-back", T("customers who had moved and use the old module again", "曾已迁移但又使用旧模块的客户"), "standings", "rows", true, Customer, ("since", T("since", "起始")), ("evidence", T("evidence", "依据"))) { Only = ("state", "went-back") },
        new("retention", T("who stayed with the module, by the week of their first use", "按首次使用周统计的留存"), "retention", "rows", false, ("week", T("week", "周")), ("users", T("new users", "新用户")), ("stillActive", T("still active", "仍活跃"))),
        new("neighbours", T("modules used by the same users on the same day", "同一天由相同用户使用的模块"), "neighbours", "rows", false, ("module", T("module", "模块")), ("userDays", T("user-days", "人日")), ("share", T("share", "占比"))),
        new("refused", T("calls refused since closing", "关闭后被拒绝的调用"), "refused", "customers", false, Customer, ("calls", T("calls", "调用")), ("userCount", T("users", "用户数")), ("users", T("with the most calls", "调用最多")), ("first", T("first", "首次")), ("last", T("last", "最近"))) { Also = new("hours", ("hour", T("hour", "小时")), ("calls", T("calls", "调用")), ("users", T("users", "用户数"))) },
        new("history", T("users and calls by month or week (--by), however long ago", "按月或按周（--by）的用户数与调用数（不限时间）"), "history", "rows", false, ("start", T("from", "起始")), ("users", T("users", "用户")), ("customers", T("customers", "客户")), ("calls", T("calls", "调用")), ("covered", T("all days known", "日期齐全"))),
        new("dependents", T("customers for whom it is vital though its figures do not show it", "表面用量不显、但对其至关重要的客户"), "dependents", "dependents", false, Customer, ("score", T("score", "得分")), ("nextExpected", T("expected", "预计")), ("flags", T("why", "原因"))) { Also = new("verdicts", Customer, ("kind", T("flag", "标记")), ("confirmed", T("depends on it", "确实依赖")), ("reason", T("because", "依据")), ("by", T("by", "由"))) },
    ];

    /// <summary>Every module that was ever reported.</summary>
    public static readonly IReadOnlyList<(string, string)> Modules =
        [("module", T("module", "模块")), ("month", T("28 days", "28 天")), ("customersOfMonth", T("customers", "客户")), ("trend", T("trend", "趋势")), ("lastUse", T("last use", "最近使用")), ("coverage", T("days known", "已知日期"))];

    /// <summary>What one customer uses.</summary>
    public static readonly IReadOnlyList<(string, string)> OfCustomer =
        [("module", T("module", "模块")), ("month", T("28 days", "28 天")), ("callsOfMonth", T("calls", "调用")), ("shareOfCalls", T("share", "占比")), ("lastUse", T("last use", "最近使用")), ("coverage", T("days known", "已知日期"))];

    /// <summary>A second table of the same answer.</summary>
    public Table? Also { get; init; }

    /// <summary>Only rows whose member has this value.</summary>
    public (string Member, string Value)? Only { get; init; }

    public bool Takes(JsonElement row) => Only is not { } only || string.Equals(row.GetProperty(only.Member).GetString(), only.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>A member as a person reads it.</summary>
    public static string Cell(JsonElement row, string member) => !row.TryGetProperty(member, out var value) ? "—" : value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "—",
        JsonValueKind.Number when member == "trend" => Trend(value.GetDouble()),
        JsonValueKind.Number when member.StartsWith("share", StringComparison.Ordinal) => value.GetDouble().ToString("P0", CultureInfo.InvariantCulture),
        JsonValueKind.Number when value.TryGetInt64(out var whole) => Number(whole),
        JsonValueKind.True => T("yes", "是"),
        JsonValueKind.False => T("no", "否"),
        JsonValueKind.Object when value.TryGetProperty("sufficient", out var enough) =>
            value.GetProperty("share").GetDouble().ToString("P0", CultureInfo.InvariantCulture) + (enough.GetBoolean() ? "" : T(", insufficient", "，不足")),
        JsonValueKind.Object => value.GetProperty(Language == "en" ? "en" : "zh").GetString() ?? "—",
        JsonValueKind.Array => string.Join("\n", value.EnumerateArray().Select(one => one.TryGetProperty("reason", out _) ? $"{Cell(one, "reason")} +{Cell(one, "points")}" : $"{Cell(one, "name")} {Cell(one, "calls")}")),
        _ => value.GetString() ?? "—",
    };

    private static string Trend(double share) => share.ToString("+0%;−0%;0%", CultureInfo.InvariantCulture);

    internal sealed record Table(string Rows, params (string Member, string Title)[] Columns);
}
