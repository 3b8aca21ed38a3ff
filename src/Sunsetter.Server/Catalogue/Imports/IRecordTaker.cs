namespace Sunsetter.Server.Catalogue;

/// <summary>Takes the records of one kind of file into the catalogue. One taker per file.</summary>
internal interface IRecordTaker
{
    IReadOnlyList<string> Columns { get; }

    IReadOnlyList<string> Required { get; }

    /// <summary>Takes a batch in one transaction.</summary>
    Task<BatchResult> Take(IReadOnlyList<CsvRecord> batch, CsvColumns columns, CancellationToken cancel);

    /// <summary>Takes what could not be judged before the end of the file.</summary>
    Task<BatchResult> Finish(CsvColumns columns, CancellationToken cancel);
}

/// <summary>What became of a batch.</summary>
/// <param name="before">What earlier batches of the file have written; see <see cref="Written"/>.</param>
internal sealed class BatchResult(IReadOnlySet<object>? before = null)
{
    public int Added { get; private set; }
    public int Changed { get; private set; }
    public int Unchanged { get; private set; }
    public List<ImportReject> Rejects { get; } = [];

    /// <summary>What is counted as added or changed: a file that names one of them again has not changed two.</summary>
    public HashSet<object> Written { get; } = [];

    public void Reject(CsvRecord record, Platform.Refusal why) =>
        Rejects.Add(new ImportReject(record.Line, why.Code, why.Sentence, record.Raw));

    public void Count(object key, bool isNew, bool changed)
    {
        if (!(isNew || changed) || before?.Contains(key) == true || !Written.Add(key))
            Unchanged++;
        else if (isNew)
            Added++;
        else
            Changed++;
    }
}
