using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>A page of a list.</summary>
/// <param name="Total">Of the whole list.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, int Total);

/// <summary>Modules, customers and contacts over HTTP. POST adds and refuses what is known; PUT adds or changes; what a body leaves out stays as it is.</summary>
internal static class CatalogueApi
{
    private const int MostOfAPage = 500;

    public static void Map(RouteGroupBuilder api)
    {
        MapModules(api);
        MapCustomers(api);
        MapContacts(api);
    }

    private static void MapModules(RouteGroupBuilder api)
    {
        api.MapGet("/modules", async (IDbContextFactory<SunsetterDb> databases, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return TypedResults.Ok(await db.Set<Module>().AsNoTracking().OrderBy(module => module.Key).ToListAsync(cancel));
        }).Needs(Permission.Read);

        api.MapGet("/modules/{key}", async Task<Results<Ok<Module>, ProblemHttpResult>> (ModuleKey key, IDbContextFactory<SunsetterDb> databases, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return await db.Set<Module>().AsNoTracking().FirstOrDefaultAsync(module => module.Key == key, cancel) is { } module
                ? TypedResults.Ok(module) : Refusal.NotFound("module", "模块", Checks.Shown(key.Value)).ToProblem();
        }).Needs(Permission.Read);

        api.MapPost("/modules", async Task<Results<Created<Module>, Ok<Module>, ProblemHttpResult>> (ModuleDraft draft, Modules modules, CancellationToken cancel) =>
            Answer(await modules.Save(draft, mustBeNew: true, cancel), module => $"/api/v1/modules/{module.Key}")).Needs(Permission.EditCatalogue);

        api.MapPut("/modules/{key}", async Task<Results<Created<Module>, Ok<Module>, ProblemHttpResult>> (string key, ModuleDraft draft, Modules modules, CancellationToken cancel) =>
            Answer(await modules.Save(draft with { Key = key }, mustBeNew: false, cancel), module => $"/api/v1/modules/{module.Key}")).Needs(Permission.EditCatalogue);
    }

    private static void MapCustomers(RouteGroupBuilder api)
    {
        api.MapGet("/customers", async (IDbContextFactory<SunsetterDb> databases, CancellationToken cancel, int? skip, int? take) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var items = await db.Set<Customer>().AsNoTracking().OrderBy(customer => customer.Key).Skip(Math.Max(0, skip ?? 0)).Take(Math.Clamp(take ?? MostOfAPage, 1, MostOfAPage)).ToListAsync(cancel);
            return TypedResults.Ok(new ListPage<Customer>(items, await db.Set<Customer>().CountAsync(cancel)));
        }).Needs(Permission.Read);

        api.MapGet("/customers/{key}", async Task<Results<Ok<Customer>, ProblemHttpResult>> (CustomerKey key, IDbContextFactory<SunsetterDb> databases, CancellationToken cancel) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            return await db.Set<Customer>().AsNoTracking().FirstOrDefaultAsync(customer => customer.Key == key, cancel) is { } customer
                ? TypedResults.Ok(customer) : Refusal.NotFound("customer", "客户", Checks.Shown(key.Value)).ToProblem();
        }).Needs(Permission.Read);

        api.MapPost("/customers", async Task<Results<Created<Customer>, Ok<Customer>, ProblemHttpResult>> (CustomerDraft draft, Customers customers, CancellationToken cancel) =>
            Answer(await customers.Save(draft, mustBeNew: true, cancel), customer => $"/api/v1/customers/{Uri.EscapeDataString(customer.Key.Value)}")).Needs(Permission.EditCatalogue);

        api.MapPut("/customers/{key}", async Task<Results<Created<Customer>, Ok<Customer>, ProblemHttpResult>> (string key, CustomerDraft draft, Customers customers, CancellationToken cancel) =>
            Answer(await customers.Save(draft with { Key = key }, mustBeNew: false, cancel), customer => $"/api/v1/customers/{Uri.EscapeDataString(customer.Key.Value)}")).Needs(Permission.EditCatalogue);
    }

    private static void MapContacts(RouteGroupBuilder api)
    {
        api.MapGet("/contacts", async (IDbContextFactory<SunsetterDb> databases, CancellationToken cancel, CustomerKey? customer, int? skip, int? take) =>
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var rows = db.Set<Contact>().AsNoTracking().Where(contact => customer == null || contact.Customer == customer);
            var items = await rows.OrderBy(contact => contact.Customer).ThenBy(contact => contact.Email).Skip(Math.Max(0, skip ?? 0)).Take(Math.Clamp(take ?? MostOfAPage, 1, MostOfAPage)).ToListAsync(cancel);
            return TypedResults.Ok(new ListPage<Contact>(items, await rows.CountAsync(cancel)));
        }).Needs(Permission.Read);

        api.MapPost("/contacts", async Task<Results<Created<Contact>, Ok<Contact>, ProblemHttpResult>> (ContactDraft draft, Contacts contacts, CancellationToken cancel) =>
            Answer(await contacts.Save(draft, mustBeNew: true, cancel), contact => $"/api/v1/contacts?customer={Uri.EscapeDataString(contact.Customer.Value)}")).Needs(Permission.EditCatalogue);

        api.MapPut("/contacts", async Task<Results<Created<Contact>, Ok<Contact>, ProblemHttpResult>> (ContactDraft draft, Contacts contacts, CancellationToken cancel) =>
            Answer(await contacts.Save(draft, mustBeNew: false, cancel), contact => $"/api/v1/contacts?customer={Uri.EscapeDataString(contact.Customer.Value)}")).Needs(Permission.EditCatalogue);
    }

    private static Results<Created<T>, Ok<T>, ProblemHttpResult> Answer<T>(Outcome<(T Row, bool IsNew)> saved, Func<T, string> address) =>
        saved.Refused(out var refusal) ? refusal.ToProblem() : saved.Value.IsNew ? TypedResults.Created(address(saved.Value.Row), saved.Value.Row) : TypedResults.Ok(saved.Value.Row);
}
