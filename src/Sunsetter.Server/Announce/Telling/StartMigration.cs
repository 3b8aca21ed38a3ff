using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>Customers have been told and the replacement is signed off (G1): they may now be asked to move.</summary>
/// <param name="UseIsKnown">Enough is known of the module's use to believe that nobody uses it where nobody is affected.</param>
internal sealed record StartMigration(bool UseIsKnown)
{
    private const int Named = 5;

    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries)
    {
        if (retirement.Stage is Stage.Migrate or Stage.Close or Stage.Observe or Stage.Finished)
            return Decision.Nothing;
        if (retirement.Stage != Stage.Announce)
            return new Refusal("migration.not-approved", "The retirement is not approved.", "该退役尚未获批。");
        if (entries.Count == 0 && !UseIsKnown)
            return new Refusal("migration.nobody", "No customer is in the ledger, and too little of the module's use is known to believe that nobody uses it. Have its use reported first.",
                "台账中没有客户，但该模块的使用数据不足，不能认定无人使用。请先接入使用上报。");
        if (retirement.Replacement is not null && retirement.Migrating.SignOff is null)
            return new Refusal("migration.replacement-not-ready", "QA has not signed off the replacement: nobody may be asked to move to it yet.", "测试团队尚未签字确认替代模块，暂不能请客户迁移。");
        var missing = entries.Where(entry => !IsTold(retirement, entry)).ToList();
        if (missing.Count == 0)
            return new MigrationStarted();
        var (en, zh) = (string.Join(", ", missing.Take(Named).Select(entry => entry.Name.En)), string.Join("、", missing.Take(Named).Select(entry => entry.Name.Zh)));
        var (more, moreZh) = missing.Count > Named ? ($" and {missing.Count - Named} more", $"等 {missing.Count} 位") : ("", "");
        return new Refusal("migration.not-told", $"Not told yet: {en}{more}. Reach them, or have the account manager log a call.", $"尚未告知：{zh}{moreZh}。请设法联系，或由客户经理记录一次沟通。");
    }

    /// <summary>Somebody alive was told the day that holds; a key customer by a person as well, or they have acknowledged it themselves. One for whom every way was tried counts.</summary>
    public static bool IsTold(Retirement retirement, LedgerEntry entry)
    {
        if (entry.ClosedAt is not null || entry.Reach.EscalationExhausted)
            return true;
        if (entry.ClosesOn(retirement) is not { } day || entry.Reach.ToldOf(day) is null)
            return false;
        return entry.Class == CustomerClass.Standard || entry.Reach.AcknowledgedAt is not null || entry.Reach.Conversations.Any(talk => talk.Told);
    }
}
