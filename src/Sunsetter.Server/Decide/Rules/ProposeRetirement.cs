using System.Collections.Immutable;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Says that a module should go, why, and what takes its place. Evidence and approvals follow.</summary>
/// <param name="Title">How it is called inside and outside; made of the module's name where left out.</param>
internal sealed record ProposeRetirement(ModuleKey Module, ModuleKey? Replacement, Text Title, string Owner, ImmutableArray<Reason> Reasons)
{
    private const int LongestTitle = 200;

    /// <param name="nobody">Why nothing can be given to the owner; null where it can.</param>
    public Decision Decide(IReadOnlyCollection<Module> modules, IReadOnlyCollection<Retirement> others, Refusal? nobody)
    {
        if (string.IsNullOrWhiteSpace(Module.Value))
            return new Refusal("retirement.no-module", "Choose the module that goes.", "请选择要退役的模块。") { Field = "module" };
        if (modules.FirstOrDefault(known => known.Key == Module) is not { } module)
            return Refusal.NotFound("module", "模块", Module.Value) with { Field = "module" };
        if (Taken(Module, others) is { } taken)
            return taken;
        if (Replacement is { } replacement && Unfit(Module, replacement, modules, others) is { } unfit)
            return unfit;
        if (string.IsNullOrWhiteSpace(Owner) || Owner.Length > 200 || !Owner.Contains('@'))
            return new Refusal("retirement.no-owner", "Name an owner by e-mail address: people will ask them.", "请填写负责人的邮箱：有问题时大家会联系此人。") { Field = "owner" };
        if (nobody is not null)
            return nobody;
        if (WhyItGoes.Wrong(Reasons) is { } wrong)
            return wrong;
        if (Title.En?.Length > LongestTitle || Title.Zh?.Length > LongestTitle)
            return new Refusal("text.too-long", $"Keep the title under {LongestTitle} characters.", $"标题请控制在 {LongestTitle} 个字符以内。") { Field = "title" };

        var title = new Text(
            string.IsNullOrWhiteSpace(Title.En) ? $"Retirement of {module.Name.En}" : Title.En.Trim(),
            string.IsNullOrWhiteSpace(Title.Zh) ? $"{module.Name.Zh}退役" : Title.Zh.Trim());
        var proposed = Decision.Of(new RetirementProposed(Module, Replacement, title, Owner.Trim(), WhyItGoes.Trimmed(Reasons)));
        return module.Capabilities.Count == 0 ? proposed : proposed.And(new CapabilitiesListed([.. module.Capabilities.Distinct()]));
    }

    /// <summary>Why a module cannot take the place of another; null where it can.</summary>
    public static Refusal? Unfit(ModuleKey old, ModuleKey replacement, IReadOnlyCollection<Module> modules, IReadOnlyCollection<Retirement> others)
    {
        if (replacement == old)
            return new Refusal("replacement.same", "A module cannot take its own place.", "模块不能替代自身。") { Field = "replacement" };
        if (modules.All(known => known.Key != replacement))
            return Refusal.NotFound("module", "模块", replacement.Value) with { Field = "replacement" };
        if (others.Any(other => other.Module == replacement && other.Stage is not (Stage.Rejected or Stage.Cancelled)))
            return new Refusal("replacement.retiring", $"“{replacement}” is itself being retired; customers would have to move twice. Choose another replacement.", $"“{replacement}”本身正在退役，客户将不得不迁移两次。请选择其他替代模块。") { Field = "replacement" };
        return null;
    }

    /// <summary>Why a module cannot be proposed now; null where it can.</summary>
    public static Refusal? Taken(ModuleKey module, IReadOnlyCollection<Retirement> others)
    {
        if (others.FirstOrDefault(other => other.Module == module && other.Stage is not (Stage.Rejected or Stage.Cancelled)) is { } same)
            return same.IsDamaged
                ? new Refusal("module.unreadable", $"A retirement of “{module}” is there already, and its record cannot be read: a second one must not begin beside it. Have it mended first; its number is {same.Id}.", $"已存在“{module}”的退役，但其记录无法读取，不能另行发起。请先修复，编号为 {same.Id}。") { Field = "module" }
            : same.Stage == Stage.Finished
                ? new Refusal("module.retired", $"“{module}” has been retired already.", $"“{module}”已经退役。") { Field = "module" }
                : new Refusal("module.retiring", $"“{module}” is already being retired; continue there: /retirements/{same.Id}.", $"“{module}”已在退役流程中，请在该处继续：/retirements/{same.Id}。") { Field = "module" };
        if (others.FirstOrDefault(other => other.Replacement == module && !other.Ended) is { } moving)
            return new Refusal("module.is-replacement", $"Customers of “{moving.Module}” are being asked to move to “{module}”. End that retirement first, or give it another replacement.", $"“{moving.Module}”的客户正被引导迁移到“{module}”。请先结束该退役或更换其替代模块。") { Field = "module" };
        return null;
    }
}
