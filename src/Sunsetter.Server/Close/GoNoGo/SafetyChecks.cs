using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Is what comes instead ready, and is there a way back?</summary>
internal static class SafetyChecks
{
    public static IEnumerable<Check> Of(Retirement retirement, Ground ground)
    {
        var closing = retirement.Closing;
        yield return Check.Of("replacement.signed-off", new("Has QA signed off what comes instead?", "测试团队是否已签字确认替代方案？"), retirement.Migrating.SignOff is not null || retirement.Replacement is null,
            retirement.Migrating.SignOff is { } word ? new($"{word.By}: {word.Evidence}", $"{word.By}：{word.Evidence}") : retirement.Replacement is null ? new("Nothing takes its place; customers were told what to do instead.", "没有替代模块；已告知客户可以怎么做。")
            : new("Not signed off.", "尚未签字确认。"), "migrate#replacement");
        yield return Fresh("backup.verified", new("Can the module's own data be brought back?", "模块自身的数据能否恢复？"), closing.BackupVerified?.At, ground.Rules.BackupDays, ground.Now,
            new("Nobody has checked the backup.", "尚未验证备份。"), closing.BackupVerified?.Evidence, "close#data");
        yield return Check.Of("archive.verified", new("Is what must be kept archived?", "应留存的内容是否已归档？"), closing.Archive?.VerifiedAt is not null, closing.Archive switch
        {
            null => new("No archive was made.", "尚未生成归档。"),
            { VerifiedAt: null } => new("The archive was made but not read again and verified.", "归档已生成，尚未重新读取验证。"),
            var archive => new($"{Text.Many(archive.Files, "file")}, SHA-256 {archive.Sha256[..12]}…, verified.", $"{archive.Files} 个文件，SHA-256 {archive.Sha256[..12]}…，已验证。"),
        }, "close#data");
        yield return Fresh("restore.drilled", new("Did the way back work lately?", "近期是否演练过恢复？"), ground.LastDrill, ground.Rules.DrillDays, ground.Now,
            new("No restore drill was passed.", "尚无通过的恢复演练。"), null, "close#drill");
        yield return Silence(ground);
    }

    /// <summary>An application that we do not hear obeys its last snapshot: it closes on time, but whether a restore would reach it nobody knows.</summary>
    private static Check Silence(Ground ground)
    {
        Text question = new("Do we hear every application that obeys our gates?", "能否收到每个应用的执行回报？");
        var (behind, silent) = (ground.Obedience.Laggards, ground.Obedience.Silent);
        if (behind.Count > 0)
            // Right after a change everybody is behind for a moment.
            return new Check("gates.obeyed", question, ground.Now - ground.Obedience.Since > GateAnswers.Moment ? Standing.Blocks : Standing.Note, new($"Alive, and obeying an older version: {Names(behind).En}.", $"在线但仍在执行旧版本：{Names(behind).Zh}。"), "close#drill", []);
        if (silent.Count > 0)
            return new Check("gates.obeyed", question, Standing.Note, new($"Not heard of for more than {(int)GateAnswers.Silence.TotalMinutes} minutes, and behind when last heard: {Names(silent).En}. They close on time by what they hold; a restore may not reach them.",
                $"超过 {(int)GateAnswers.Silence.TotalMinutes} 分钟未上报，且最后一次上报时落后：{Names(silent).Zh}。它们将按已有快照准时关闭，但恢复可能无法送达。"), "close#drill", []);
        return ground.Obedience.Proven
            ? new Check("gates.obeyed", question, Standing.Ready, new($"{Text.Many(ground.Obedience.Obeying, "instance")} on the newest version, none behind.", $"{ground.Obedience.Obeying} 个实例均已执行最新版本。"), "close#drill", [])
            : new Check("gates.obeyed", question, Standing.Note, new("No application has reported in the last minutes: whether any obeys is unknown.", "最近几分钟没有应用上报：无法得知是否有应用在执行。"), "close#drill", []);
    }

    private static Text Names(IReadOnlyList<InstanceView> instances)
    {
        var (named, more) = (instances.Take(3).Select(one => one.Instance), instances.Count - 3);
        return new(string.Join(", ", named) + (more > 0 ? $" and {more} more" : ""), string.Join("、", named) + (more > 0 ? $"等 {instances.Count} 个实例" : ""));
    }

    private static Check Fresh(string code, Text question, DateTimeOffset? done, int days, DateTimeOffset now, Text never, string? evidence, string href)
    {
        if (done is not { } at)
            return Check.Of(code, question, false, never, href);
        var day = Days.DayOf(at, WorkZone.Current);
        return at >= now.AddDays(-days)
            ? Check.Of(code, question, true, new($"Done on {Days.En(day)}. {evidence}", $"{Days.Zh(day)}完成。{evidence}"), href)
            : Check.Of(code, question, false, new($"Last done on {Days.En(day)}, more than {Text.Many(days, "day")} ago. Do it again.", $"上次完成于 {Days.Zh(day)}，已超过 {days} 天，请重做。"), href);
    }
}
