using Microsoft.Playwright;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Journeys.Harness;

/// <summary>Brings a person into a browser the way people come in: the link opens a page, the page has a button.</summary>
internal static class SignedIn
{
    public static async Task SignInAsync(this IPage page, ServerUnderTest server, string email, CancellationToken cancel, params Role[] roles)
    {
        var people = server.Get<People>();
        var person = await people.Find(email, cancel)
            ?? (await people.Add(email, email.Split('@')[0], roles, "en", cancel)).Value;
        await page.GotoAsync(await people.NewSignInPath(person.Id, cancel));
        await page.Locator("main button, form button").First.ClickAsync();
        await page.WaitForURLAsync(server.Address.ToString());
    }
}
