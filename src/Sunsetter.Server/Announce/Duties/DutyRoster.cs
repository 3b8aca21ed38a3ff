using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Duties;

/// <summary>What each team owes for a plan, and by when (N1, R3). Days count back from the closing day; a day already past becomes today.</summary>
internal static class DutyRoster
{
    public static ImmutableArray<Duty> Of(Schedule schedule, DateOnly approvedOn, bool hasReplacement)
    {
        // The first closing day of any wave is the one that presses.
        var closes = schedule.Waves.Values.Append(schedule.ClosesOn).Min();
        DateOnly Before(int days) => Max(closes.AddDays(-days), approvedOn);
        DateOnly Start(int days) => Min(approvedOn.AddDays(days), Before(7));
        return
        [
            new Duty("support.talk-tracks", Role.Support, new Text("Confirm the talk tracks; the hotline can answer", "确认客服口径，热线可以解答"), Start(3)),
            new Duty("product.texts", Role.Product, new Text("Check the notices in both languages and release them", "核对中英文通知并批准发送"), Start(5)),
            new Duty("sales.talk-track", Role.Sales, new Text("Know the one agreed answer; stop selling the module", "熟悉统一口径，停止销售该模块"), Start(5)),
            new Duty("success.key-customers", Role.Success, new Text("Call or visit every key customer and log it", "电话或拜访每位重点客户并记录"), Start(14)),
            .. hasReplacement ? [new Duty("qa.replacement", Role.Qa, new Text("Sign off that the replacement is stable", "签字确认替代模块稳定可用"), Before(60))] : Array.Empty<Duty>(),
            new Duty("engineering.gates", Role.Engineering, new Text("Every call of the module asks the gate", "模块的每个入口都接入闸门判定"), Before(30)),
            new Duty("operations.backup", Role.Operations, new Text("Verify that the module's backup can be restored", "验证模块备份可恢复"), Before(14)),
            new Duty("compliance.retention", Role.Compliance, new Text("Confirm what must be kept, and for how long", "确认须保留的数据及期限"), Before(30)),
            new Duty("operations.closing-night", Role.Operations, new Text("Name who watches the closing", "指定下线时段的值守人员"), Before(7)),
        ];
    }

    private static DateOnly Max(DateOnly left, DateOnly right) => left > right ? left : right;

    private static DateOnly Min(DateOnly left, DateOnly right) => left < right ? left : right;
}
