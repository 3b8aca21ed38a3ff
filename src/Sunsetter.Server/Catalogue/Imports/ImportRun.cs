using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

internal enum ImportKind
{
    Modules,
    Customers,
    Contacts,
    Usage,
}

internal enum ImportState
{
    /// <summary>Waits for its turn or is being read; see <see cref="ImportRun.TouchedAt"/> for whether anybody still does.</summary>
    Running,
    Finished,

    /// <summary>Stopped by what <see cref="ImportRun.Problem"/> says. What was taken until then is kept.</summary>
    Failed,
}

/// <summary>One file that was imported: how far it is, what came of it.</summary>
internal sealed class ImportRun
{
    public required Guid Id { get; init; }
    public required ImportKind Kind { get; init; }
    public required string FileName { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the figures were last written; a run that is silent for a minute was interrupted.</summary>
    public DateTimeOffset TouchedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public ImportState State { get; set; }

    /// <summary>Bytes as they came in, compressed or not.</summary>
    public long Bytes { get; set; }

    /// <summary>Size of the file where the sender said it; else null.</summary>
    public long? Size { get; init; }

    /// <summary>Records read, without the header and blank lines.</summary>
    public long Lines { get; set; }
    public long Added { get; set; }
    public long Changed { get; set; }
    public long Unchanged { get; set; }
    public long Rejected { get; set; }

    /// <summary>Columns of the file that nothing was taken from.</summary>
    public List<string> UnknownColumns { get; set; } = [];

    /// <summary>Modules and customers that usage named and the catalogue does not know; the first 40.</summary>
    public List<string> UnknownKeys { get; set; } = [];

    /// <summary>The first few rejects; all of them are in <see cref="ImportRejects"/>.</summary>
    public List<ImportReject> FirstRejects { get; set; } = [];
    public ImportProblem? Problem { get; set; }

    public bool InterruptedAt(DateTimeOffset now) => State == ImportState.Running && now - TouchedAt > TimeSpan.FromMinutes(1);
}

/// <summary>Why a file was not read to its end.</summary>
internal sealed record ImportProblem(string Code, Text Sentence, int Status);

/// <summary>A line that was not taken, and why.</summary>
internal sealed record ImportReject(long Line, string Code, Text Reason, string Record);

/// <summary>A gzipped piece of a run's rejects file; the pieces behind one another are one gzip file.</summary>
internal sealed class ImportRejectPart
{
    public required Guid Run { get; init; }
    public required int Part { get; init; }
    public required byte[] Content { get; init; }
}

/// <summary>How large a file may be.</summary>
internal sealed record ImportSettings : IRules
{
    static string ISettings.Name => "import";

    /// <summary>Of the file as it is sent, in MB. 1 to 100,000.</summary>
    public int MostMegabytes { get; init; } = 1024;

    /// <summary>Of the file once unpacked, in MB. 1 to 100,000.</summary>
    public int MostUnpackedMegabytes { get; init; } = 16 * 1024;

    public Refusal? Problem() => MostMegabytes is < 1 or > 100_000 || MostUnpackedMegabytes is < 1 or > 100_000
        ? new Refusal("import-rules.out-of-range", "A file may have 1 to 100,000 MB, packed and unpacked.", "文件大小（压缩与解压后）为 1 至 100,000 MB。")
        : null;
}
