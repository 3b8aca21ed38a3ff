using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Customers are asked to move. Not before what they shall move to is signed off (G1), and they know by when.</summary>
internal sealed record StartMigration
{
    public Decision Decide(Retirement retirement)
    {
        if (retirement.Stage == Stage.Migrate)
            return Decision.Nothing;
        if (retirement.Stage != Stage.Announce)
            return new Refusal("migration.not-yet", "Customers are asked to move after the retirement is approved and announced.", "退役获批并通知之后，方可请客户迁移。");
        if (retirement.Schedule is null)
            return new Refusal("migration.no-date", "Set the closing day first: customers ask by when.", "请先确定下线日期：客户会问最迟何时完成迁移。");
        if (retirement.Migrating.SignOff is null)
            return new Refusal("migration.replacement-not-ready", "QA has not signed off the replacement: nobody may be asked to move to it yet.", "测试尚未签字确认替代模块，暂不能请客户迁移。");
        return new MigrationStarted();
    }
}
