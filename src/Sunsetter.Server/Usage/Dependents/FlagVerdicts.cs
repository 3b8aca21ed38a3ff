using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>What people said about flags of hidden dependents: confirmed, or dismissed, with the reason. The newest word on a flag counts.</summary>
internal sealed class FlagVerdicts(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    public const int LongestReason = 1_000;

    public async Task<IReadOnlyList<FlagVerdict>> Of(ModuleKey module, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Database.SqlQuery<Row>($"select customer, kind, confirmed, reason, by, at from usage_flag_verdict where module = {module.Value} order by at desc").ToListAsync(cancel);
        return [.. rows.Select(row => new FlagVerdict(new CustomerKey(row.Customer), Enum.Parse<DependenceKind>(row.Kind), row.Confirmed, row.Reason, row.By, DateTimeOffset.FromUnixTimeMilliseconds(row.At)))];
    }

    /// <param name="reason">Why; 3 to 1,000 characters.</param>
    public async Task<Outcome<bool>> Say(ModuleKey module, CustomerKey customer, DependenceKind kind, bool confirmed, string? reason, string by, CancellationToken cancel)
    {
        if (reason?.Trim() is not { Length: >= 3 and <= LongestReason } why)
            return new Refusal("dependence.reason", "Say why, in 3 to 1,000 characters: others will rely on it.", "请用 3 至 1,000 个字符说明原因：他人将以此为据。") { Field = "reason" };
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (name, at) = (kind.ToString(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await db.Database.ExecuteSqlAsync($"""
            insert into usage_flag_verdict (module, customer, kind, confirmed, reason, by, at) values ({module.Value}, {customer.Value}, {name}, {confirmed}, {why}, {by}, {at})
            on conflict (module, customer, kind) do update set confirmed = excluded.confirmed, reason = excluded.reason, by = excluded.by, at = excluded.at
            """, cancel);
        return true;
    }

    private sealed record Row(string Customer, string Kind, bool Confirmed, string Reason, string By, long At);
}

/// <param name="Confirmed">False: dismissed, the customer does not depend on the module in this way.</param>
internal sealed record FlagVerdict(CustomerKey Customer, DependenceKind Kind, bool Confirmed, string Reason, string By, DateTimeOffset At);
