using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Answers who uses what, exactly, and how much of that is known. Each question is in a file of its own. Days are UTC days; the last day is included
/// and usually today. A module or customer that nobody ever reported has an empty answer, and coverage says that it is unknown.
/// </summary>
internal sealed partial class UsageQuestions(UsageWindows windows, UsageMatrix matrix, KeptAnswers kept, UsageKeys keys, UsageRevisions revisions, EndedSources ended, IDbContextFactory<SunsetterDb> databases, KeptCatalogue catalogue, Settings settings)
{
    /// <summary>Days of "a month" of active users: four whole weeks, so that weekends weigh alike.</summary>
    public const int Month = 28;

    /// <summary>The tier of customers that the catalogue does not hold.</summary>
    public const string UnknownTier = "unknown";

    private async Task<ModuleDays> Days(ModuleKey module, int from, int until, CancellationToken cancel) =>
        await keys.Find(module, cancel) is { } id ? await windows.Of(id, from, until, cancel) : new ModuleDays(from, until, new Dictionary<int, CustomerDays>());

    /// <summary>The days of an old module and of its replacement, as of one moment.</summary>
    private async Task<(ModuleDays Old, ModuleDays New)> Days(ModuleKey old, ModuleKey replacement, int from, int until, CancellationToken cancel)
    {
        if (await keys.Find(old, cancel) is not { } first || await keys.Find(replacement, cancel) is not { } second)
            return (await Days(old, from, until, cancel), await Days(replacement, from, until, cancel));
        var both = await windows.Of([first, second], from, until, cancel);
        return (both[0], both[1]);
    }

    /// <summary>An answer that is kept while nothing was written; see <see cref="KeptAnswers"/>.</summary>
    private async Task<T> Kept<T>(object question, bool mayBeLate, Func<DbConnection, Task<T>> ask, CancellationToken cancel) where T : class
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var connection = db.Database.GetDbConnection();
        return await kept.Of(question, await revisions.Stamp(connection, cancel), mayBeLate, () => ask(connection), cancel);
    }

    private static string TierOf(CustomerKey customer, IReadOnlyDictionary<CustomerKey, Customer> known) => known.TryGetValue(customer, out var one) ? one.Tier : UnknownTier;

    private async Task<HashSet<ModuleKey>> KnownModules(CancellationToken cancel) => [.. (await catalogue.Modules(cancel)).Select(module => module.Key)];

    private static double? Trend(long now, long before) => before == 0 ? null : (double)(now - before) / before;

    private static DateOnly? Day(int from, int position) => position < 0 ? null : DateOnly.FromDayNumber(from + position);
}
