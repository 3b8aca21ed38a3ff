using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What a rule answers: facts to append, or a refusal. No facts and no refusal means "already so".</summary>
internal sealed class Decision
{
    private Decision(IReadOnlyList<(CustomerKey? Customer, Fact Fact)> facts, Refusal? refusal) => (Facts, Refusal) = (facts, refusal);

    public static readonly Decision Nothing = new([], null);

    public IReadOnlyList<(CustomerKey? Customer, Fact Fact)> Facts { get; }

    public Refusal? Refusal { get; }

    public static Decision Of(params IEnumerable<RetirementFact> facts) => new([.. facts.Select(fact => ((CustomerKey?)null, (Fact)fact))], null);

    public static Decision Of(CustomerKey customer, params IEnumerable<EntryFact> facts) => new([.. facts.Select(fact => ((CustomerKey?)customer, (Fact)fact))], null);

    /// <summary>Facts of several entries, or of the retirement where no customer is named, in order.</summary>
    public static Decision All(IEnumerable<(CustomerKey? Customer, Fact Fact)> facts) => new([.. facts], null);

    /// <summary>Both together, in order; the first refusal wins.</summary>
    public Decision And(Decision next) =>
        Refusal is not null ? this : next.Refusal is not null ? next : new([.. Facts, .. next.Facts], null);

    public static implicit operator Decision(RetirementFact fact) => Of(fact);

    public static implicit operator Decision(Refusal refusal) => new([], refusal);
}
