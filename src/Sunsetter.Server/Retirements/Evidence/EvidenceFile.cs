using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// The shape of an evidence file: UTF-8, one JSON document per line, lines end with a line feed. The first line is the header, the last the seal,
/// between them every fact of the retirement, stream by stream. A line is exactly what <see cref="Line{T}"/> writes: another byte is a forgery.
/// </summary>
internal static class EvidenceFile
{
    public const string Format = "sunsetter-evidence/1";

    // A member that is missing or null is a forgery too.
    private static readonly JsonSerializerOptions Strict = new(Json.Stored) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    public static string Line<T>(T document) => JsonSerializer.Serialize(document, Strict);

    /// <summary>What a line says, or null where it is not such a document to the byte.</summary>
    public static T? Read<T>(string line) where T : class
    {
        try
        {
            var document = JsonSerializer.Deserialize<T>(line, Strict);
            return document is not null && Line(document) == line ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="PublicKey">Of the workspace that sealed the file: ECDSA P-256, SubjectPublicKeyInfo, base64.</param>
internal sealed record EvidenceHeader(string Format, RetirementId Retirement, string Title, DateTimeOffset ExportedAt, string ExportedBy, IReadOnlyList<EvidenceStream> Streams, string PublicKey);

/// <summary>One stream of facts: of the retirement as a whole where <paramref name="Customer"/> is empty.</summary>
/// <param name="Head">Hash of its last fact, hexadecimal.</param>
internal sealed record EvidenceStream(string Customer, int Facts, string Head);

/// <param name="At">Unix milliseconds, as hashed.</param>
/// <param name="Body">The fact's own JSON as text, as hashed.</param>
internal sealed record EvidenceFact(string Customer, int Version, string Kind, long At, string By, string Body, string Hash);

/// <param name="Sha256">Of every byte before this line, hexadecimal.</param>
/// <param name="Signature">Over those 32 bytes: ECDSA P-256 with SHA-256, IEEE P1363, base64.</param>
internal sealed record EvidenceSeal(string Sha256, string Signature);
