using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Console;

/// <summary>The settings pages of people, tokens and the calendar, and one's own page; their forms sent as a browser sends them.</summary>
public sealed class AdministrationFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_person_is_added_signs_in_by_the_link_changes_roles_and_leaves(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var added = await root.Submit(await root.Open("/settings/people"), "add", ("name", "<b>Ana</b>"), ("email", "ana@vendor.test"), ("roles", "Qa"), ("roles", "Sales"));
        Assert.Equal((HttpStatusCode.OK, (string?)null), (added.Status, added.Refused));
        Assert.Contains("/sign-in/", added.Document.QuerySelector("main pre")!.TextContent);
        // A name is text, whatever it looks like.
        Assert.Contains("<b>Ana</b>", added.Text);
        var (ana, roles) = (await server.Get<People>().All(Cancel)).Single(one => one.Person.Email == "ana@vendor.test");
        Assert.Equal([Role.Qa, Role.Sales], roles.Order());

        (await root.Submit(await root.Open("/settings/people"), $"roles-{ana.Id:N}", ("roles", "Support"))).Done();
        Assert.Equal([Role.Support], (await server.Get<People>().All(Cancel)).Single(one => one.Person.Id == ana.Id).Roles);
        Assert.Contains("/sign-in/", (await root.Submit(await root.Open("/settings/people"), $"link-{ana.Id:N}")).Document.QuerySelector("main pre")!.TextContent);
        (await root.Submit(await root.Open("/settings/people"), $"leave-{ana.Id:N}")).Done();
        Assert.DoesNotContain((await server.Get<People>().All(Cancel)), one => one.Person.Id == ana.Id);
    }

    [Theory]
    [EachDatabase(120, null)]
    [EachDatabase(121, "workspace.too-long")]
    public async Task The_name_of_the_company_fits_the_head_of_a_letter(Database database, int length, string? code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        Assert.Equal(code, (await root.Submit(await root.Open("/settings"), "workspace", ("Form.VendorEn", new string('x', length)))).Refused);
    }

    [Theory]
    [EachDatabase("Ana", "not an address", "person.bad-email")]
    [EachDatabase("", "ana@vendor.test", "person.no-name")]
    [EachDatabase("Ana", "root@vendor.test", "person.known")]
    public async Task A_person_who_cannot_be_added_is_refused_with_a_sentence(Database database, string name, string email, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var page = await root.Submit(await root.Open("/settings/people"), "add", ("name", name), ("email", email));

        Assert.Equal(code, page.Refused);
        Assert.DoesNotContain(await server.Get<People>().All(Cancel), one => one.Person.Email == "ana@vendor.test");
    }

    [Theory, EachDatabase]
    public async Task A_token_is_made_shown_once_works_and_is_revoked(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var made = await root.Submit(await root.Open("/settings/tokens"), "new", ("name", "nightly import"), ("scopes", "Read"), ("days", "30"));
        var secret = made.Document.QuerySelector("main pre")!.TextContent;
        Assert.Equal(HttpStatusCode.OK, (await server.WithToken(secret).GetAsync("/api/v1/retirements", Cancel)).StatusCode);
        Assert.DoesNotContain(secret, (await root.Open("/settings/tokens")).Text);

        var token = Assert.Single(await server.Get<ApiTokens>().SeenBy(new Actor("root@vendor.test", "root", System.Collections.Frozen.FrozenSet.ToFrozenSet([Role.Administrator]), Permissions.Of([Role.Administrator])), Cancel));
        Assert.Equal(server.Clock.GetUtcNow().AddDays(30), token.ExpiresAt);
        (await root.Submit(await root.Open("/settings/tokens"), $"revoke-{token.Id:N}")).Done();
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.WithToken(secret).GetAsync("/api/v1/retirements", Cancel)).StatusCode);
    }

    [Theory]
    [EachDatabase("", "30", "token.no-name")]
    [EachDatabase("import", "0", "token.days")]
    [EachDatabase("import", "367", "token.days")]
    [EachDatabase("import", "soon", "token.days")]
    public async Task A_token_that_says_nothing_sensible_is_not_made(Database database, string name, string days, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var page = await root.Submit(await root.Open("/settings/tokens"), "new", ("name", name), ("days", days));

        Assert.Equal(code, page.Refused);
        Assert.Null(page.Document.QuerySelector("main pre"));
    }

    [Theory, EachDatabase]
    public async Task Holidays_are_imported_a_freeze_is_added_and_removed(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        (await root.Submit(await root.Open("/settings/calendar"), "holidays", ("Form.Text", "country,date,name,kind\nDE,2027-01-01,Neujahr,holiday\n"))).Done();
        Assert.True((await server.Get<Calendars>().Read(Cancel)).Knows("DE", 2027));

        (await root.Submit(await root.Open("/settings/calendar"), "freeze", ("Form.From", "2026-12-20"), ("Form.To", "2027-01-05"), ("Form.Reason", "Year-end <of> banks"))).Done();
        var page = await root.Open("/settings/calendar");
        Assert.Contains("Year-end <of> banks", page.Text);
        (await root.Submit(await root.Open("/settings/calendar"), "freeze", ("Form.From", "2027-02-01"), ("Form.To", "2027-02-05"), ("Form.Reason", "Audit"))).Done();
        // Pressed twice, it removes the one it stood beside and no other.
        (await root.Submit(page, "thaw")).Done();
        (await root.Submit(page, "thaw")).Done();
        Assert.Equal("Audit", Assert.Single((await server.Get<Settings>().Get<FreezeWindows>(Cancel)).Windows).Reason);
    }

    [Theory]
    [EachDatabase("holidays", "Form.Text", "this is no calendar", "calendar.unreadable")]
    [EachDatabase("holidays", "Form.Text", "", "calendar.unreadable")]
    [EachDatabase("freeze", "Form.To", "2026-12-19", "freeze.days")]
    [EachDatabase("freeze", "Form.To", "", "freeze.no-days")]
    public async Task A_calendar_that_cannot_be_read_is_refused(Database database, string form, string field, string value, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);
        (string, string)[] fields = form == "freeze" ? [("Form.From", "2026-12-20"), (field, value), ("Form.Reason", "x")] : [(field, value)];

        var page = await root.Submit(await root.Open("/settings/calendar"), form, fields);

        Assert.Equal(code, page.Refused);
    }

    [Theory, EachDatabase]
    public async Task A_password_is_set_and_a_wrong_one_or_a_short_one_is_not(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var lin = await Browser.SignIn(server, "lin@vendor.test", Role.Product);

        Assert.Contains("at least 12 characters", (await lin.Submit(await lin.Open("/me"), "password", ("password", "short"))).Text);
        (await lin.Submit(await lin.Open("/me"), "password", ("password", "correct horse battery"))).Done();
        Assert.Contains("current password is not right", (await lin.Submit(await lin.Open("/me"), "password", ("current", "wrong horse battery"), ("password", "another horse battery"))).Text);
        (await lin.Submit(await lin.Open("/me"), "password", ("current", "correct horse battery"), ("password", "another horse battery"))).Done();
    }
}
