using CsCheck;
using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Announce;

public sealed class LintTests
{
    [Fact]
    public void Every_shipped_notice_passes_its_checks()
    {
        foreach (var kind in Enum.GetValues<NoticeKind>())
            foreach (var customer in Enum.GetValues<CustomerClass>())
                foreach (var language in NoticeTemplates.Languages)
                {
                    var about = About(language) with { Kind = kind, Class = customer, PromisedBefore = kind is NoticeKind.Changed or NoticeKind.CalledOff ? new DateOnly(2026, 12, 24) : null };
                    var written = WriteNotice.From(new NoticeTemplates().Find(NoticeTemplates.NameOf(kind, customer), language), about).Value;

                    Assert.Empty(written.Findings);
                    Assert.DoesNotContain("{{", written.Letter.Text);
                    Assert.Contains(about.Module.In(language), written.Letter.Subject);
                }
    }

    [Fact]
    public void Where_nothing_takes_its_place_every_shipped_notice_says_what_customers_do_instead()
    {
        var instead = new Text("Export <your> rooms as *files*; see https://docs.example/export (step 2).", "请将群聊“导出”为 *文件*，参见 https://docs.example/export。");
        foreach (var name in new[] { "first", "first-key", "reminder", "changed", "announcement" })
            foreach (var language in NoticeTemplates.Languages)
            {
                var about = About(language) with { Replacement = null, Instead = instead };
                var template = new NoticeTemplates().Find(name, language);
                var written = WriteNotice.From(template, about).Value;

                Assert.Empty(written.Findings);
                Assert.Contains(instead.In(language), written.Letter.Text, StringComparison.Ordinal);
                var silent = WriteNotice.From(template with { Body = template.Body.Replace("{{ instead }}", "", StringComparison.Ordinal) }, about).Value;
                Assert.Equal(NoticePart.Instead, Assert.Single(silent.Findings).Part);
            }
    }

    [Theory, InlineData(0, false), InlineData(1, true), InlineData(null, false)]
    public void A_reminder_says_how_many_still_use_it_only_where_somebody_does(int? users, bool said)
    {
        foreach (var (language, words) in new[] { ("en", "of your colleagues still used it"), ("zh-CN", "位同事在使用") })
        {
            var written = WriteNotice.From(new NoticeTemplates().Find("reminder", language), About(language) with { Users = users }).Value;

            Assert.Equal(said, written.Letter.Text.Contains(words, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_shipped_notice_says_which_share_of_the_users_closes_when()
    {
        foreach (var kind in Enum.GetValues<NoticeKind>().Where(kind => kind != NoticeKind.CalledOff))
            foreach (var customer in Enum.GetValues<CustomerClass>())
                foreach (var language in NoticeTemplates.Languages)
                {
                    var about = About(language) with { Kind = kind, Class = customer, PromisedBefore = kind == NoticeKind.Changed ? new DateOnly(2026, 12, 24) : null };
                    var template = new NoticeTemplates().Find(NoticeTemplates.NameOf(kind, customer), language);
                    var written = WriteNotice.From(template, about with { Shares = [(about.Closes.AddHours(-72), 10), (about.Closes.AddHours(-24), 50)] }).Value;

                    Assert.Empty(written.Findings);
                    var said = language == "en" ? new[] { "from 30 Dec 2026 02:00: 10% of the users", "from 1 Jan 2027 02:00: 50% of the users" } : ["2026年12月30日 02:00 起，10% 的用户", "2027年1月1日 02:00 起，50% 的用户"];
                    Assert.All(said, share => Assert.Contains(share, written.Letter.Text, StringComparison.Ordinal));
                    Assert.DoesNotContain("Until then nothing changes", written.Letter.Text, StringComparison.Ordinal);
                    Assert.DoesNotContain(language == "en" ? "a share of them stops first" : "分批", WriteNotice.From(template, about).Value.Letter.Text, StringComparison.Ordinal);
                }
    }

    [Theory]
    [InlineData("zh-CN", "2027年1月3日", false), InlineData("zh-CN", "2027 年 1 月 2 日", true), InlineData("zh-CN", "2026年1月2日", false), InlineData("zh-CN", "1月2号", true)]
    [InlineData("en", "January 2, 2027", true), InlineData("en", "2nd of January 2027", true), InlineData("en", "2027-01-02", true), InlineData("en", "Jan. 3", false), InlineData("en", "02/01/2027", false), InlineData("en", "30 Feb 2027", false)]
    public void A_date_in_the_text_that_is_not_the_plans_is_found(string language, string date, bool agrees)
    {
        var findings = NoticeLint.Check("", $"{Good(language)} {date}", About(language));

        Assert.Equal(agrees, findings.Count == 0);
        Assert.All(findings, finding => Assert.Equal(NoticePart.When, finding.Part));
    }

    [Theory]
    [InlineData("cannot meet the rules of next year", nameof(NoticePart.Why)), InlineData("2 Jan 2027", nameof(NoticePart.When)), InlineData("Legacy rooms", nameof(NoticePart.Affects))]
    [InlineData("stops working", nameof(NoticePart.Affects)), InlineData("Spaces", nameof(NoticePart.Instead)), InlineData("yue@vendor.test", nameof(NoticePart.WhomToAsk)), InlineData("Thank you", nameof(NoticePart.Tone))]
    public void Each_missing_part_is_named(string removed, string part) =>
        Assert.Equal(part, Assert.Single(NoticeLint.Check("", Good("en").Replace(removed, "…"), About("en"))).Part.ToString());

    [Theory]
    [InlineData("en", "You are on your own."), InlineData("en", "You failed to answer."), InlineData("en", "This is the final warning."), InlineData("zh-CN", "后果自负。"), InlineData("zh-CN", "由于您未及时处理。")]
    public void Words_that_abandon_blame_or_press_are_found(string language, string harsh) =>
        Assert.Contains(NoticeLint.Check("", $"{Good(language)} {harsh}", About(language)), finding => finding.Part == NoticePart.Tone);

    [Fact]
    public void A_word_inside_another_word_is_not_found() =>
        Assert.Empty(NoticeLint.Check("", $"{Good("en")} Our skilled team helps.", About("en")));

    [Fact]
    public void A_replacement_that_is_itself_being_retired_keeps_the_notice_back() =>
        Assert.Equal(NoticePart.Instead, Assert.Single(NoticeLint.Check("", Good("en"), About("en") with { ReplacementStands = false })).Part);

    [Fact]
    public void A_support_address_that_was_never_set_keeps_the_notice_back() =>
        Assert.Equal(NoticePart.WhomToAsk, Assert.Single(NoticeLint.Check("", Good("en"), About("en") with { Helper = new Helper("Support", "support@localhost", "", false) })).Part);

    [Fact]
    public void Every_day_that_we_write_is_read_back_as_that_day() =>
        Gen.Select(Gen.Date.Select(DateOnly.FromDateTime).Where(day => day.Year is >= 1000 and < 3000), Gen.Bool.Select(zh => zh ? "zh-CN" : "en")).Sample((day, locale) =>
            DatesInText.In($"am {NoticeSubject.SayDay(day, locale)} um 9:00").Single() is { HasYear: true } found && found.Is(day));

    private static string Good(string language) => language == "en"
        ? "Thank you. Legacy rooms stops working on 2 Jan 2027: it cannot meet the rules of next year. Use Spaces. Ask yue@vendor.test."
        : "感谢支持。旧版群聊室将于2027年1月2日停止，无法满足明年的要求。请改用空间。联系 yue@vendor.test。";

    internal static NoticeSubject About(string language) => new()
    {
        Kind = NoticeKind.First, Locale = language, Vendor = new Text("Yunque", "云鹊通讯"), Customer = new Text("Huaxin Bank", "华信银行"), Class = CustomerClass.Standard,
        Module = new Text("Legacy rooms", "旧版群聊室"), Replacement = new Text("Spaces", "空间"),
        Reasons = [new Reason(ReasonKind.TechnicalRenewal, new Text("it cannot meet the rules of next year", "无法满足明年的要求"))],
        Closes = new DateTimeOffset(2027, 1, 2, 2, 0, 0, TimeSpan.FromHours(8)), Zone = "Asia/Shanghai", Today = new DateOnly(2026, 11, 22), Users = 1204,
        Brownouts = [(new DateTimeOffset(2026, 12, 12, 10, 0, 0, TimeSpan.FromHours(8)), 15)],
        Helper = new Helper("Lin Yue", "yue@vendor.test", "138 0000 0000", true), PortalUrl = "https://sunset.vendor.test/c/abc", AnnouncementUrl = "https://sunset.vendor.test/announcements/rooms-legacy",
    };
}
