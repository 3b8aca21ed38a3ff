using System.Net;
using System.Net.Http.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Announce;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>What a request does is done once, however often the same request comes.</summary>
public sealed class RepeatedRequestsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_form_that_is_sent_twice_records_once_and_a_page_shown_anew_records_anew(Database database)
    {
        await using var scene = await On(database);
        using var success = await Browser.SignIn(scene.Server, "yue@vendor.test", Role.Success);
        var path = $"/retirements/{scene.Id}/announce?customer=huaxin";
        var page = await success.Open(path);

        await Task.WhenAll(Log(page), Log(page));
        Assert.Equal(1, await scene.Count<ConversationLogged>(Huaxin));
        await Log(await success.Open(path));
        Assert.Equal(2, await scene.Count<ConversationLogged>(Huaxin));

        async Task Log(Browser.Page shown) => (await success.Submit(shown, "log", ("with", "Anna"), ("outcome", "She will ask."))).Done();
    }

    [Theory, EachDatabase]
    public async Task A_button_pressed_twice_that_takes_its_form_off_the_page_shows_the_page(Database database)
    {
        await using var scene = await On(database);
        await scene.Log.Change(scene.Id, "su@vendor.test", _ => Decision.Of(new TalkTracksWritten(new("Say this.", "这样说。")), new TalkTracksConfirmed()), Cancel);
        using var lin = await Browser.SignIn(scene.Server, "lin@vendor.test", Role.Product);
        using var other = await Browser.SignIn(scene.Server, "ling@vendor.test", Role.Product);
        var path = $"/retirements/{scene.Id}/announce";
        var (page, others) = (await lin.Open(path), await other.Open(path));

        (await lin.Submit(page, "release")).Done();
        var again = await lin.Submit(page, "release");

        again.Done();
        Assert.Equal(path, again.To);
        Assert.DoesNotContain("release", (await lin.Open(path)).Forms);
        // Another's press did nothing, and is told so.
        Assert.Equal(HttpStatusCode.BadRequest, (await other.Submit(others, "release")).Status);
    }

    [Theory, EachDatabase]
    public async Task A_call_with_the_same_key_records_once_and_one_without_a_key_each_time(Database database)
    {
        await using var scene = await On(database);
        using var lin = await scene.Server.As("lin@vendor.test", Role.Product);

        Assert.Equal(await Ask("a"), await Ask("a"));
        Assert.NotEqual(await Ask("b"), await Ask(null));

        Assert.Equal(3, await scene.Count<HelpRequested>(Huaxin));

        async Task<string> Ask(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/retirements/{scene.Id}/entries/huaxin/help") { Content = JsonContent.Create(new { question = "How?", contact = "anna@huaxin.test" }) };
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            using var answer = await lin.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Cancel);
        }
    }

    [Theory, EachDatabase]
    public async Task A_request_that_was_refused_is_carried_out_when_it_comes_again(Database database)
    {
        await using var scene = await On(database);
        using var lin = await scene.Server.As("lin@vendor.test", Role.Product);
        lin.DefaultRequestHeaders.Add("Idempotency-Key", "release");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lin.PostAsync($"/api/v1/retirements/{scene.Id}/notices/release", null, Cancel)).StatusCode);
        await scene.Log.Change(scene.Id, "su@vendor.test", _ => Decision.Of(new TalkTracksWritten(new("Say this.", "这样说。")), new TalkTracksConfirmed()), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, (await lin.PostAsync($"/api/v1/retirements/{scene.Id}/notices/release", null, Cancel)).StatusCode);

        Assert.NotNull((await scene.Retirement()).Announcing.ReleasedAt);
    }
}
