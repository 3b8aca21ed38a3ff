using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>What a program leaves out, or sends as null, is answered with what is missing; it is never a fault of the server.</summary>
public sealed partial class MissingMembersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task No_command_fails_for_want_of_a_member(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await server.As("root@vendor.test", Enum.GetValues<Role>());
        // Rules say no early, and another thing in each stage.
        var retirements = new List<RetirementId>();
        foreach (var facts in new RetirementFact[][] { [], [new RetirementApproved(), new RetirementScheduled(Told.Plan, null)], [new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted()], [new RetirementApproved(), new ObservationStarted(Told.ClosesOn)] })
        {
            retirements.Add(RetirementId.New());
            await server.Get<FactLog>().Begin(retirements[^1], "lin@vendor.test", _ => Decision.Of([Told.Proposal, .. facts])
                .And(Decision.Of(Told.Huaxin, new EntryOpened(Text.Same("Huaxin"), "standard", CustomerClass.Key, null, "Asia/Shanghai", "en"), new CaseOpened("yue@vendor.test", 5, 1, Told.Start))), Cancel);
        }

        var (commands, faults) = (0, new List<string>());
        foreach (var endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
            if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [("POST" or "PUT") and var method]
                && endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type, ContentTypes: var types } && types.Contains("application/json"))
            {
                commands++;
                var route = endpoint.RoutePattern.RawText!;
                foreach (var id in route.Contains("{id}", StringComparison.Ordinal) ? retirements : retirements.Take(1))
                    foreach (var body in Bodies(type))
                        if (await Status(root, method, Path(route, id), body) >= 500)
                            faults.Add($"{method} {route} {body}");
            }

        Assert.Equal("", string.Join('\n', faults.Distinct()));
        Assert.True(commands > 70, $"Only {commands} commands were found.");
    }

    private static async Task<int> Status(HttpClient client, string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        using var answer = await client.SendAsync(request, Cancel);
        return (int)answer.StatusCode;
    }

    private static string Path(string route, RetirementId id) => Place().Replace(route, place => place.Groups["name"].Value switch
    {
        "id" when place.Groups["kind"].Value.Length == 0 => id.ToString(),
        "customer" => Told.Huaxin.Value,
        _ when place.Groups["kind"].Value == ":guid" => Guid.Empty.ToString(),
        _ => "x",
    });

    /// <summary>Nothing; nothing in an object; and each member null beside the others, which are given where a plain value can be made up.</summary>
    private static IEnumerable<string> Bodies(Type type)
    {
        yield return "null";
        yield return "{}";
        if (type == typeof(JsonElement))
            yield break;
        var members = type.GetProperties().Where(member => member.CanWrite).ToDictionary(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name), member => Value(member.PropertyType));
        foreach (var absent in members.Keys)
        {
            var body = new JsonObject();
            foreach (var (name, value) in members)
                if (name == absent || value is not null)
                    body[name] = name == absent ? null : value?.DeepClone();
            yield return body.ToJsonString();
        }
    }

    private static JsonNode? Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "word" : type == typeof(bool) ? true : type == typeof(int) ? 7 : type == typeof(decimal) ? 7 : type == typeof(Guid) ? Guid.CreateVersion7().ToString()
            : type == typeof(DateOnly) ? "2027-03-01" : type == typeof(TimeOnly) ? "10:00:00" : type == typeof(DateTimeOffset) ? "2026-11-23T00:00:00Z"
            : type == typeof(Text) ? new JsonObject { ["en"] = "word", ["zh"] = "词" } : type.IsEnum ? JsonNamingPolicy.KebabCaseLower.ConvertName(Enum.GetNames(type)[0])
            : type == typeof(ModuleKey) || type == typeof(CustomerKey) ? "x" : null;
    }

    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)(?<kind>:\w+)?\}")]
    private static partial Regex Place();
}
