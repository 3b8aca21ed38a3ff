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
internal sealed class BatchResult
{
    public int Added { get; private set; }
    public int Changed { get; private set; }
    public int Unchanged { get; private set; }
    public List<ImportReject> Rejects { get; } = [];

    public void Reject(CsvRecord record, Platform.Refusal why) =>
        Rejects.Add(new ImportReject(record.Line, why.Code, why.Sentence, record.Raw));

    public void Count(bool isNew, bool changed)
    {
        if (isNew)
            Added++;
        else if (changed)
            Changed++;
        else
            Unchanged++;
    }
}
