using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sunsetter.Journeys.Retiring;

/// <summary>Somebody who works at the vendor, acting over the API with a token of their own.</summary>
internal sealed class Colleague(string email, HttpClient client)
{
    public string Email => email;

    public HttpClient Client => client;

    /// <summary>Carries out a command; fails the test with the server's own sentence when it is refused.</summary>
    public async Task<JsonNode?> DoAsync(string path, object body, HttpMethod? method = null)
    {
        using var answer = await SendAsync(path, body, method);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{email} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Expects a refusal and returns its code.</summary>
    public async Task<string> RefusedAsync(string path, object body, HttpMethod? method = null)
    {
        using var answer = await SendAsync(path, body, method);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(!answer.IsSuccessStatusCode, $"{email} {path} was not refused: {text}");
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        return JsonNode.Parse(text)!["code"]!.GetValue<string>();
    }

    public async Task<JsonNode> ReadAsync(string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{email} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Uploads a file; returns the report.</summary>
    public async Task<JsonNode> ImportAsync(string kind, string name, string content, string query = "")
    {
        using var answer = await client.PostAsync($"/api/v1/imports/{kind}?file={name}{query}", new StringContent(content, System.Text.Encoding.UTF8, "text/csv"), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{email} imports {kind}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, object body, HttpMethod? method)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = JsonContent.Create(body, options: JsonSerializerOptions.Web) };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
