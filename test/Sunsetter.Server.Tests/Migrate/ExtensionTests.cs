using Sunsetter.Server.Migrate;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Migrate;

public sealed class ExtensionTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 10, 4, 0, 0, TimeSpan.Zero);
    private static readonly MigrationRules Rules = new() { LongestExtensionDays = 90 };
    private static readonly ClosingDays Working = new(BusinessCalendar.Empty, new FreezeWindows(), "CN", UnknownYear.Warn);

    [Fact]
    public void An_extension_to_the_last_day_the_rules_allow_is_granted()
    {
        var until = Told.ClosesOn.AddDays(90);

        Assert.Equal(until, Grant(until).Answered<ExtensionGranted>().Until);
    }

    [Fact]
    public void One_day_more_than_the_rules_allow_is_refused() => Grant(Told.ClosesOn.AddDays(91)).Refused("extension.too-late");

    [Fact]
    public void A_day_before_the_closing_day_is_no_extension() => Grant(Told.ClosesOn.AddDays(-1)).Refused("extension.too-early");

    [Fact]
    public void The_day_after_an_extension_is_a_closing_day_like_any_other()
    {
        // Friday the 5th would close them on a Saturday; Sunday the 7th on a Monday.
        var refusal = Grant(new DateOnly(2027, 3, 5)).Refusal;
        Assert.Equal("calendar.weekend", refusal?.Code);
        Assert.EndsWith("Extend until 7 Mar 2027.", refusal!.Sentence.En, StringComparison.Ordinal);
        Grant(new DateOnly(2027, 3, 7)).Answered<ExtensionGranted>();

        var own = Working with { Freezes = new FreezeWindows { Windows = [new FreezeWindow(new DateOnly(2027, 3, 8), new DateOnly(2027, 3, 9), "Their audit", Told.Huaxin)] } };
        new GrantExtension(new DateOnly(2027, 3, 7), "Audit").Decide(Told.Migrating(), Told.Entry(), Rules, own, Now).Refused("calendar.freeze");
    }

    [Fact]
    public void A_refused_request_is_remembered_with_its_reason_until_they_ask_again()
    {
        var asked = Told.Entry(new ExtensionRequested(Guid.CreateVersion7(), Told.ClosesOn.AddDays(20), "Audit", "li@huaxin.test"));
        var refused = asked.Then("yue@vendor.test", new ExtensionRefused("The rules of 2027 forbid it."));

        Assert.Equal((Told.ClosesOn.AddDays(20), "The rules of 2027 forbid it."), (refused.Move.Declined!.Until, refused.Move.Declined.Reason));
        Assert.Null(refused.Then("li@huaxin.test", new ExtensionRequested(Guid.CreateVersion7(), Told.ClosesOn.AddDays(10), "Less", "li@huaxin.test")).Move.Declined);
        Assert.Null(refused.Then("yue@vendor.test", new ExtensionGranted(Told.ClosesOn.AddDays(10), "After all")).Move.Declined);
    }

    [Fact]
    public void An_extension_without_a_reason_is_refused() =>
        new GrantExtension(Told.ClosesOn, " ").Decide(Told.Migrating(), Told.Entry(), Rules, Working, Now).Refused("reason.missing");

    [Fact]
    public void A_closed_customer_is_not_extended() =>
        new GrantExtension(Told.ClosesOn.AddDays(3), "Audit").Decide(Told.Migrating(), Told.Entry(new CustomerClosed(Told.Plan.InstantOf(Told.ClosesOn))), Rules, Working, Now).Refused("extension.closed");

    [Fact]
    public void Without_a_schedule_there_is_nothing_to_extend() =>
        new GrantExtension(Told.ClosesOn, "Audit").Decide(Told.Retirement(), Told.Entry(), Rules, Working, Now).Refused("extension.no-date");

    [Fact]
    public void An_extended_customer_closes_on_the_day_after_the_extension_at_the_usual_time()
    {
        var entry = Told.Entry(new ExtensionGranted(Told.ClosesOn.AddDays(7), "Audit"));

        Assert.Equal(new DateTimeOffset(2027, 3, 9, 2, 0, 0, TimeSpan.FromHours(8)), entry.ClosesAt(Told.Migrating()));
    }

    [Fact]
    public void The_bound_counts_from_the_plan_not_from_an_earlier_extension() =>
        new GrantExtension(Told.ClosesOn.AddDays(91), "Again").Decide(Told.Migrating(), Told.Entry(new ExtensionGranted(Told.ClosesOn.AddDays(90), "Audit")), Rules, Working, Now).Refused("extension.too-late");

    [Fact]
    public void A_second_request_waits_for_the_answer_to_the_first()
    {
        var asked = Told.Entry(new ExtensionRequested(Guid.CreateVersion7(), Told.ClosesOn, "Audit", "li@huaxin.test"));

        new RequestExtension(Guid.CreateVersion7(), Told.ClosesOn.AddDays(3), "Audit", "li@huaxin.test").Decide(Told.Migrating(), asked, Rules, Now).Refused("extension.waiting");
    }

    [Fact]
    public void A_granted_or_refused_request_waits_no_longer()
    {
        var asked = Told.Entry(new ExtensionRequested(Guid.CreateVersion7(), Told.ClosesOn, "Audit", "li@huaxin.test"));

        Assert.Null(asked.Then("yue@vendor.test", new ExtensionGranted(Told.ClosesOn, "Audit")).Move.Extension);
        Assert.Null(asked.Then("yue@vendor.test", new RefuseExtension("No.").Decide(asked).Answered<ExtensionRefused>()).Move.Extension);
    }

    [Fact]
    public void What_was_not_asked_cannot_be_refused() => new RefuseExtension("No.").Decide(Told.Entry()).Refused("extension.none");

    private static Decision Grant(DateOnly until) => new GrantExtension(until, "Audit").Decide(Told.Migrating(), Told.Entry(), Rules, Working, Now);
}
