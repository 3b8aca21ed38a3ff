using Sunsetter.Harness;
using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Platform;

public sealed class SettingsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task What_several_add_at_once_is_all_there(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (settings, day) = (server.Get<Settings>(), new DateOnly(2027, 1, 1));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(at => Task.Run(() => settings.Change<FreezeWindows>(
            stored => stored with { Windows = stored.Windows.Add(new FreezeWindow(day.AddDays(at), day.AddDays(at), "Because.", null)) }, "ana@vendor.test", Cancel))));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(Enumerable.Range(0, 4).Select(at => day.AddDays(at)), (await settings.Get<FreezeWindows>(Cancel)).Windows.Select(window => window.From).Order());
    }

    [Theory, EachDatabase]
    public async Task Nobody_saves_over_what_they_have_not_seen(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var ana = await Browser.SignIn(server, "ana@vendor.test", Role.Administrator);
        using var bo = await Browser.SignIn(server, "bo@vendor.test", Role.Administrator);

        foreach (var (path, form, first, second) in new (string, string, (string, string)[], (string, string)[])[]
        {
            ("/settings", "workspace", [("Form.SupportPhone", "1")], [("Form.SupportPhone", "2")]),
            ("/settings/rules", "closing-rules", [("drill", "11")], [("drill", "12")]),
            ("/settings/policy", "policy", [("Form.Note", "First."), ("Form.Act", "save"), ("Form.Document", """{"floorDays":41}""")], [("Form.Note", "Second."), ("Form.Act", "save"), ("Form.Document", """{"floorDays":42}""")]),
            ("/settings/templates", "ladder", [("days", "30")], [("days", "20")]),
        })
        {
            var (hers, his) = (await ana.Open(path), await bo.Open(path));
            (await ana.Submit(hers, form, first)).Done();
            Assert.Equal("conflict.overtaken", (await bo.Submit(his, form, second)).Refused);
            (await bo.Submit(await bo.Open(path), form, second)).Done();
        }

        Assert.Equal(42, (await server.Get<Policies>().Read(Cancel)).FloorDays);
    }
}
