using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its migrate stage.</summary>
internal sealed record Migrating
{
    /// <summary>Quality assurance's word that the replacement is ready (G1); null while it is not given, or was withdrawn.</summary>
    public SignOff? SignOff { get; init; }

    public MigrationTool? Tool { get; init; }

    /// <summary>Questions and answers for every customer (G4).</summary>
    public ImmutableArray<Faq> Faq { get; init; } = [];

    public Migrating Apply(Recorded happened) => happened.Fact switch
    {
        ReplacementSignedOff fact => this with { SignOff = new SignOff(happened.At, happened.By, fact.Evidence, fact.Link) },
        ReplacementSignOffWithdrawn => this with { SignOff = null },
        MigrationToolAttached fact => this with { Tool = fact.Tool },
        MigrationToolDetached => this with { Tool = null },
        FaqWritten fact => this with { Faq = [.. Faq.Where(one => one.Id != fact.Id), new Faq(fact.Id, fact.Question, fact.Answer)] },
        FaqRemoved fact => this with { Faq = [.. Faq.Where(one => one.Id != fact.Id)] },
        _ => this,
    };
}

/// <summary>Somebody's word for something, with what it rests on.</summary>
internal sealed record SignOff(DateTimeOffset At, string By, string Evidence, string? Link);
