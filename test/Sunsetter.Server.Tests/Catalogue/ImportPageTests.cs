using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Catalogue;

public sealed partial class ImportPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_file_uploaded_in_the_console_is_read_and_its_page_tells_what_came_of_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        var token = Token().Match(await lin.GetStringAsync("/import", Cancel)).Groups[1].Value;

        var answer = await lin.PostAsync("/import/upload", Form(token, "key,name\nhuaxin,<script>alert(1)</script>\na/b,X\n"), Cancel);
        var page = await Finished(lin, answer.Headers.Location!.OriginalString);
        var customer = await lin.GetStringAsync("/customers/huaxin", Cancel);

        Assert.Contains("All but 1 line was taken.", page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", customer);
        Assert.DoesNotContain("<script>alert", customer);
    }

    [Theory, EachDatabase]
    public async Task A_form_that_is_not_ours_is_not_taken(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await lin.PostAsync("/import/upload", Form("forged", "key,name\nhuaxin,Huaxin\n"), Cancel);

        Assert.Equal("/import?problem=import.stale-form", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await lin.GetAsync("/api/v1/customers/huaxin", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task What_a_crash_left_is_deleted_at_the_start_and_what_another_node_holds_is_not(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var folder = Directory.CreateDirectory(Path.Combine(server.Get<StorageOptions>().DataDirectory, "uploads")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "left"), "key\n", Cancel);
        await using var held = new FileStream(Path.Combine(folder, "held"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using var another = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<Server.Catalogue.Uploads>(server.App.Services);

        await another.StartAsync(Cancel);
        await Loopback.UntilAsync("the file to be deleted", _ => Task.FromResult(!File.Exists(Path.Combine(folder, "left"))), Cancel);
        await another.StopAsync(Cancel);

        Assert.Equal(["held"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Theory, EachDatabase]
    public async Task A_form_of_more_fields_than_ours_is_not_read_to_its_end(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);
        using var form = new MultipartFormDataContent();
        for (var number = 0; number < 9; number++)
            form.Add(new StringContent("x"), $"field-{number}");

        Assert.Equal("/import?problem=import.no-form", (await lin.PostAsync("/import/upload", form, Cancel)).Headers.Location!.OriginalString);
    }

    [Theory]
    [EachDatabase("--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nusa")]
    [EachDatabase("rubbish")]
    public async Task A_form_that_ends_in_the_middle_is_told_so(Database database, string body)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        var answer = await lin.PostAsync("/import/upload", new StringContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") } }, Cancel);

        Assert.Equal((HttpStatusCode.Redirect, "/import?problem=import.no-form"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        Assert.Contains("This was not the form of the import page", await lin.GetStringAsync(answer.Headers.Location!.OriginalString, Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_file_of_use_that_is_one_endless_line_is_told_so_in_a_sentence_that_ends(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Operations);

        var answer = await lin.PostAsync("/api/v1/imports/usage", new StringContent(new string('x', 300_000)), Cancel);

        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("import.column", text);
        Assert.True(text.Length < 600, $"{text.Length} characters");
    }

    [Theory]
    [EachDatabase("/modules")]
    [EachDatabase("/customers?q=%25&sort=value&page=999")]
    [EachDatabase("/import?problem=import.too-large")]
    public async Task An_empty_workspace_says_what_to_do(Database database, string address)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        Assert.Equal(HttpStatusCode.OK, (await lin.GetAsync(address, Cancel)).StatusCode);
    }

    [Theory]
    [EachDatabase("/modules/nowhere")]
    [EachDatabase("/customers/nobody")]
    public async Task What_is_not_there_is_answered_with_404(Database database, string address)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        Assert.Equal(HttpStatusCode.NotFound, (await lin.GetAsync(address, Cancel)).StatusCode);
    }

    private static MultipartFormDataContent Form(string token, string file) => new()
    {
        { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("Customers"), "kind" }, { new StringContent(""), "map" }, { new StringContent(file), "file", "customers.csv" },
    };

    private static async Task<string> Finished(HttpClient client, string address)
    {
        while (true)
        {
            var page = await client.GetStringAsync(address, Cancel);
            if (!page.Contains("http-equiv=\"refresh\""))
                return page;
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }

    [GeneratedRegex("action=\"/import/upload\"[^>]*>\\s*<input[^>]*name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
