using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>What a page of this stage looks at: the catalogue as it is, and use as it was reckoned last (<see cref="KeptFigures"/>). A rule that may refuse asks the truth.</summary>
internal sealed record Seen(UseFigures Use, IReadOnlyDictionary<CustomerKey, Customer> Customers, IReadOnlyList<Module> Modules)
{
    /// <summary>Whom the detector found, the highest score first.</summary>
    public IReadOnlyList<HiddenDependent> Dependents(ModuleKey module) =>
        Use.HiddenDependents(module, UsageQuestions.Comparable(Customers.Values.Select(customer => (customer.Key, customer.AnnualValue, customer.Currency))));
}
