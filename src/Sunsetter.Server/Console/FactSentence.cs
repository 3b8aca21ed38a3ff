using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>
/// A fact as a person reads it: what happened, in a sentence, without who and when (they stand beside it). Each stage writes the sentences of its own
/// facts in <c>Sentences/</c>; a test fails for a kind of fact that has none.
/// </summary>
internal static class FactSentence
{
    /// <summary>The sentence; a kind that has none yet is at least named, for a page must not fall over a new fact.</summary>
    public static Text Of(Fact fact, Naming? naming = null) => Find(fact, naming) ?? Unnamed(FactKinds.NameOf(fact.GetType()));

    /// <summary>Null where nobody has written the sentence of this kind.</summary>
    public static Text? Find(Fact fact, Naming? naming = null) => Said(fact, naming ?? Naming.Keys);

    private static Text? Said(Fact fact, Naming naming) =>
        CourseSentences.Of(fact, naming) ?? EntrySentences.Of(fact) ?? DecideSentences.Of(fact, naming) ?? AnnounceSentences.Of(fact)
        ?? MigrateSentences.Of(fact) ?? CloseSentences.Of(fact, naming) ?? ObserveSentences.Of(fact);

    private static Text Unnamed(string kind) => new($"Recorded: {kind}.", $"记录：{kind}。");

    /// <summary>A day in a sentence of either language, without the current culture.</summary>
    public static Text Day(DateOnly day) => new(Days.En(day), Days.Zh(day));

    /// <summary>An instant to the minute, in the zone of the workspace.</summary>
    public static Text Instant(DateTimeOffset instant) => Days.Tell(instant, WorkZone.Current);
}
