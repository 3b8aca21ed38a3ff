using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Sunsetter.Server.Platform;

namespace Sunsetter.Harness;

/// <summary>
/// What a browser does with our pages, without the browser: it is signed in by cookie, opens a page, fills in a form that the page shows
/// and sends it with everything the form holds — hidden fields, defaults, the antiforgery token.
/// </summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient client;

    private Browser(HttpClient client) => this.client = client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Somebody who is not signed in.</summary>
    public static Browser Stranger(ServerUnderTest server, string language = "en")
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return new Browser(client);
    }

    /// <summary>A new or known person of these roles, signed in through a one-time link.</summary>
    public static async Task<Browser> SignIn(ServerUnderTest server, string email, params Role[] roles)
    {
        var people = server.Get<People>();
        if (await people.Find(email, Cancel) is null)
            Assert.Null((await people.Add(email, email.Split('@')[0], roles, "en", Cancel)).Refusal);
        var browser = Stranger(server);
        var link = await people.NewSignInPath((await people.Find(email, Cancel))!.Id, Cancel);
        var answer = await browser.Submit(await browser.Open(link), form => form.Method == "post");
        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        return browser;
    }

    /// <summary>Asks for a page, whatever comes of it.</summary>
    public async Task<Page> Look(string path) => await Read(path, await client.GetAsync(path, Cancel));

    /// <summary>Opens a page that must be there.</summary>
    public async Task<Page> Open(string path)
    {
        var page = await Look(path);
        Assert.True(page.Status == HttpStatusCode.OK, $"{path}: {page.Status}");
        return page;
    }

    /// <summary>Sends the form of this name; a field that is given takes the place of what the form held.</summary>
    public Task<Page> Submit(Page page, string form, params (string Name, string Value)[] fields) =>
        Submit(page, one => one.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form, fields);

    /// <summary>Sends the one form of a page that has no other.</summary>
    public Task<Page> SubmitOnly(Page page, params (string Name, string Value)[] fields) => Submit(page, form => form.Method == "post", fields);

    private async Task<Page> Submit(Page page, Func<IHtmlFormElement, bool> which, params (string Name, string Value)[] fields)
    {
        var form = page.Document.QuerySelectorAll("form").OfType<IHtmlFormElement>().FirstOrDefault(which);
        Assert.True(form is not null, $"{page.Path} shows no such form, but: {string.Join(", ", page.Forms)}");
        foreach (var (name, _) in fields)
            Assert.True(form.QuerySelector($"[name='{name}']") is not null, $"The form has no field “{name}”.");
        var given = fields.Select(field => field.Name).ToHashSet();
        var values = Held(form).Where(held => !given.Contains(held.Key)).Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var action = form.GetAttribute("action") is { Length: > 0 } to ? to : page.Path;
        return await Read(action, await client.PostAsync(action, new FormUrlEncodedContent(values), Cancel));
    }

    /// <summary>What the form would send untouched.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Held(IHtmlFormElement form)
    {
        foreach (var field in form.Elements)
            switch (field)
            {
                case IHtmlInputElement { Type: "checkbox" or "radio" } box:
                    if (box.IsChecked)
                        yield return KeyValuePair.Create(box.Name!, box.Value);
                    break;
                case IHtmlInputElement { Name.Length: > 0, Type: not ("submit" or "button") } input:
                    yield return KeyValuePair.Create(input.Name, input.Value);
                    break;
                // The one button there is to press; where there are several, the test names its own.
                case IHtmlButtonElement { Name.Length: > 0, Value: not null } button when form.Elements.OfType<IHtmlButtonElement>().Count(other => other.Name?.Length > 0) == 1:
                    yield return KeyValuePair.Create(button.Name, button.Value);
                    break;
                case IHtmlTextAreaElement { Name.Length: > 0 } area:
                    yield return KeyValuePair.Create(area.Name, area.Value);
                    break;
                case IHtmlSelectElement { Name.Length: > 0 } select when select.Options.Length > 0:
                    yield return KeyValuePair.Create(select.Name, select.Value ?? "");
                    break;
            }
    }

    private static async Task<Page> Read(string path, HttpResponseMessage answer)
    {
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        return new Page(path, answer.StatusCode, answer.Headers.Location?.OriginalString, await new HtmlParser().ParseDocumentAsync(html, Cancel));
    }

    public void Dispose() => client.Dispose();

    /// <param name="To">Where a redirect leads; null where there is none.</param>
    internal sealed record Page(string Path, HttpStatusCode Status, string? To, IHtmlDocument Document)
    {
        /// <summary>The code of the refusal the page shows; null where it shows none.</summary>
        public string? Refused => Document.QuerySelector("[data-code]")?.GetAttribute("data-code");

        /// <summary>The names of the forms it shows.</summary>
        public IReadOnlyList<string?> Forms => [.. Document.QuerySelectorAll("main form input[name=_handler]").Select(handler => handler.GetAttribute("value"))];

        /// <summary>What a person reads in the middle of it, with single spaces.</summary>
        public string Text => string.Join(' ', (Document.QuerySelector("main") ?? Document.Body!).TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        /// <summary>It was carried out: the page answers by leading on.</summary>
        public void Done() => Assert.True(Status == HttpStatusCode.Redirect, $"{Path}: {Status}, refused with {Refused}: {Document.QuerySelector("[data-code]")?.TextContent}");
    }
}
