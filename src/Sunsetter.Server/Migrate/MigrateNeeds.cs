using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>What migrating customers wait for: a sign-off, an answer, a decision, a call that is due.</summary>
internal sealed class MigrateNeeds(FactLog log, IDbContextFactory<SunsetterDb> databases) : INeeds, IBlockers
{
    private static readonly Role[] Followers = [Role.Success, Role.Support, Role.Product];
    private const int MostLines = 10;

    public async Task<IReadOnlyList<Need>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        // A question is answered after the closing as before it, and when the retirement was given up.
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close or Stage.Observe or Stage.Cancelled))
            return [];
        var page = $"/retirements/{retirement.Id}/migrate";
        var needs = new List<Need>();
        if (retirement is { Replacement: not null, Migrating.SignOff: null } and not { Stage: Stage.Observe or Stage.Cancelled })
            needs.Add(new Need(Urgency.Soon, Stage.Migrate, new($"{retirement.Title.En}: the replacement is not signed off", $"{retirement.Title.Zh}：替代模块尚未签字确认"),
                new("Customers cannot be asked to move before QA has signed.", "测试团队签字之前不能请客户迁移。"), new("Sign off", "签字确认"), page + "#replacement", null, [Role.Qa], Permission.SignOff));
        var today = Today.Of(retirement, now);
        foreach (var entry in await Waiting(retirement, cancel))
            needs.AddRange(Of(retirement, entry, today));
        return [.. needs.OrderByDescending(need => need.Urgency).Take(MostLines)];
    }

    public Task<IReadOnlyList<Blocker>> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Blocker>>(retirement is { Stage: Stage.Announce, Replacement: not null, Migrating.SignOff: null }
            ? [new Blocker(Stage.Announce, new("QA has not signed off the replacement.", "测试团队尚未签字确认替代模块。"), null, $"/retirements/{retirement.Id}/migrate#replacement")]
            : []);

    private static IEnumerable<Need> Of(Retirement retirement, LedgerEntry entry, DateOnly today)
    {
        var href = $"/retirements/{retirement.Id}/ledger/{Uri.EscapeDataString(entry.Customer.Value)}";
        var person = entry.Move.FollowedBy ?? entry.AccountManager;
        if (entry.Move.OpenHelp.FirstOrDefault() is { } help)
            yield return new Need(Urgency.Late, Stage.Migrate, new($"{entry.Name.En} asks for help", $"{entry.Name.Zh}请求协助"), About(retirement, help.Question), new("Answer", "答复"), href, help.Owner ?? person, Followers, Permission.Contribute);
        if (retirement.Ended)
            yield break;
        if (entry.Move.Extension is { } asked)
            yield return new Need(Urgency.Soon, Stage.Migrate, new($"{entry.Name.En} asks for more time until {Days.En(asked.Until)}", $"{entry.Name.Zh}申请延期至 {Days.Zh(asked.Until)}"),
                About(retirement, asked.Reason), new("Decide", "处理"), href, person, Followers, Permission.Follow);
        if (entry.Move.NextOn is { } next && next <= today && entry.Move.State != MoveState.Moved)
            yield return new Need(next < today ? Urgency.Late : Urgency.Soon, Stage.Migrate, new($"Follow up {entry.Name.En}: {entry.Move.NextStep}", $"跟进{entry.Name.Zh}：{entry.Move.NextStep}"),
                new($"{retirement.Title.En}; agreed for {Days.En(next)}.", $"{retirement.Title.Zh}；约定日期：{Days.Zh(next)}。"), new("Log the call", "记录跟进"), href, person, Followers, Permission.Follow);
    }

    // Only entries with something to do are read whole.
    private async Task<IEnumerable<LedgerEntry>> Waiting(Retirement retirement, CancellationToken cancel)
    {
        var id = retirement.Id;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await db.Set<LedgerLine>().AnyAsync(line => line.Retirement == id, cancel))
            return await log.Entries(id, cancel);
        var rows = await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == id
            && (db.Set<LedgerLine>().Any(line => line.Retirement == id && line.Customer == entry.Customer && (line.Waits || line.EntryVersion != entry.Version))
                || !db.Set<LedgerLine>().Any(line => line.Retirement == id && line.Customer == entry.Customer))).OrderBy(entry => entry.Customer).Take(500).ToListAsync(cancel);
        return rows.Select(row => States.Read<LedgerEntry>(row.State));
    }

    // A customer may be in several retirements at once: each line says which one it is about.
    private static Text About(Retirement retirement, string words)
    {
        var few = words.Length <= 160 ? words : words[..160] + "…";
        return new($"{retirement.Title.En}: {few}", $"{retirement.Title.Zh}：{few}");
    }
}
