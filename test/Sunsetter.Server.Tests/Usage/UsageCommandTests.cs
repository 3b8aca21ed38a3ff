using Spectre.Console;
using Sunsetter.Cli;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class UsageCommandTests
{
    [Theory, EachDatabase]
    public async Task Every_question_is_answered_with_its_figures_and_what_is_known(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("omar@vendor.test", Role.Operations, Role.Support, Role.Product);
        // Two on the old module until a month ago, one of them on the new one since; she came once more yesterday.
        await server.Import("time,module,customer,user\n" + string.Concat(Enumerable.Range(0, 120).SelectMany(ago => (string[])
            [ago > 30 ? Line(ago, "rooms", "ann") : "", ago > 30 ? Line(ago, "rooms", "ben") : "", ago < 60 ? Line(ago, "spaces", "ann") : "", Line(ago, "rooms", "dan", "delta"), Line(ago, "spaces", "dan", "delta")])) + Line(1, "rooms", "ann"));
        await client.Send("refused", Event("2026-11-22T07:00:00Z", "rooms", "huaxin", "ben", 3, refused: true));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await System.Net.Http.Json.HttpClientJsonExtensions.PutAsJsonAsync(client, "/api/v1/modules/rooms/usage/dependents/delta/large-share", new { confirmed = true, reason = "They said so." }, Cancel)).StatusCode);

        await Says("", "rooms", "spaces", "days known");
        await Says("--customer huaxin", "rooms", "share", "days known");
        await Says("rooms", "active users", "trend", "tier", "delta", "files: ");
        await Says("rooms customers", "huaxin", "trend", "2026-11-21");
        await Says("rooms overlap --replacement spaces", "only old", "delta", "spaces:");
        await Says("rooms not-moved --replacement spaces --days 90", "ben", "2026-10-22");
        await Says("rooms standings --replacement spaces", "delta", "huaxin");
        await Says("rooms went-back --replacement spaces", "huaxin", "Had moved", "1 in all.");
        await Says("spaces retention --weeks 6", "still active", "—", "6 in all.");
        await Says("rooms neighbours", "spaces");
        await Says("rooms refused --since 2026-11-01T00:00:00Z", "huaxin", "ben 3", "hour", "2026-11-22T07:00:00");
        await Says("rooms history --by week", "all days known", "2026-11-16");
        await Says("rooms dependents", "delta", "depends on it", "They said so.");
        // The day that runs counts only where it is asked for, as in the console.
        Assert.DoesNotContain("2026-11-22", (await Run("rooms customers", failed: false)).Split("files:")[0], StringComparison.Ordinal);
        await Says("rooms", "Whole days up to 2026-11-21 (UTC)");
        await Says("rooms customers --until today", "2026-11-22 (UTC), a day that still runs", "delta");
        Assert.Contains("“today”", await Run("rooms --until 22.11.2026", failed: true), StringComparison.Ordinal);
        Assert.Contains("There is no question", await Run("rooms everything", failed: true), StringComparison.Ordinal);

        async Task Says(string command, params string[] words)
        {
            var said = await Run(command, failed: false);
            Assert.All(words, word => Assert.True(said.Contains(word, StringComparison.Ordinal), $"usage {command}: no “{word}” in\n{said}"));
            Assert.True(command.Length == 0 || command[0] == '-' || said.Contains("nown", StringComparison.Ordinal) || said.Contains("nsufficient", StringComparison.Ordinal), $"usage {command}: no coverage in\n{said}");
        }

        async Task<string> Run(string command, bool failed)
        {
            var said = new StringWriter();
            AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(said) });
            AnsiConsole.Profile.Width = 400;
            var exit = await UsageCommand.Build(server.Clock).Parse([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--server", server.Address.ToString(), "--token", client.DefaultRequestHeaders.Authorization!.Parameter!]).InvokeAsync(cancellationToken: Cancel);
            Assert.True(failed == (exit != 0), $"usage {command}: {exit}\n{said}");
            return said.ToString();
        }
    }

    private static string Line(int ago, string module, string user, string customer = "huaxin") => FormattableString.Invariant($"{Today.AddDays(-ago):yyyy-MM-dd}T06:00:00Z,{module},{customer},{user}\n");
}
