using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Decide;

/// <summary><c>/retirements/{id}/decision-record.md</c>: the record to put beside others in a repository or a wiki.</summary>
internal static class RecordFile
{
    public static void MapRecord(this WebApplication app) =>
        app.MapGet("/retirements/{id}/decision-record.md", async (string id, DecideCases cases, KnownNames names, CancellationToken cancel) =>
            await cases.Find(id, cancel) is { } found
                ? Results.Text(RecordMarkdown.Write(DecisionRecord.Of(found).With(await names.Teller())), "text/markdown; charset=utf-8")
                : Refusal.NotFound("retirement", "退役", id).ToProblem()).Needs(Permission.Read).WithTags("Retirements");
}
