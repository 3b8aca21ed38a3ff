using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>Writes the demo's modules, customers and contacts, through the same drafts as every import.</summary>
internal static class DemoCatalogue
{
    private static readonly (string En, string Zh)[] GivenNames =
        [("Zhao Min", "赵敏"), ("Li Na", "李娜"), ("Zhang Wei", "张伟"), ("Liu Yang", "刘洋"), ("Sun Li", "孙丽"), ("Guo Tao", "郭涛"), ("Ma Chao", "马超"), ("Luo Jing", "罗静"), ("Song Jie", "宋杰"), ("Deng Kai", "邓凯")];

    private static readonly string[] AbroadNames = ["Ada Kovacs", "Ben Okafor", "Clara Weiss", "Dan Silva", "Emma Lind", "Finn Moore", "Greta Haas", "Hugo Martin", "Iris Novak", "Jon Park"];

    public static async Task Add(DemoWorld world, IDbContextFactory<SunsetterDb> databases, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<Customer>().AnyAsync(cancel))
            return;
        foreach (var module in world.Modules)
        {
            var row = new Module { Key = new ModuleKey(module.Key) };
            new ModuleDraft
            {
                Name = module.En, NameZh = module.Zh, Class = module.Class, Owner = module.Owner, Description = module.Description, DependsOn = module.Needs, Replacements = module.Replacements,
                Capabilities = module.Capabilities, Since = module.Since, MonthlyCost = module.Cost, Currency = "CNY", ApiSurface = $"/im/v2/{module.Key}",
                DocumentationUrl = $"https://docs.magpie.example/{module.Key}", CodeUrl = $"https://code.magpie.example/im/{module.Key}", DataNote = "Messages and settings, kept 180 days after closing. / 消息与设置，下线后保留 180 天。",
            }.WriteTo(row);
            db.Add(row);
        }
        var number = 0;
        foreach (var customer in world.Customers)
        {
            var row = new Customer { Key = new CustomerKey(customer.Key) };
            new CustomerDraft
            {
                Name = customer.En, NameZh = customer.Zh, Tier = customer.Tier, Class = customer.Class, AccountManager = customer.AccountManager, AnnualValue = customer.AnnualValue, Currency = customer.Currency,
                ContractNoticeDays = customer.Notice, TimeZone = customer.Zone, Locale = customer.Locale, Country = customer.Country,
            }.WriteTo(row, isNew: true);
            db.Add(row);
            AddContacts(db, customer, number++);
        }
        await db.SaveChangesAsync(cancel);
    }

    private static void AddContacts(SunsetterDb db, DemoCustomer customer, int number)
    {
        var roles = customer.Class == "standard" ? ["administrator"] : customer.Tier == "enterprise" ? ["administrator", "technical", "business"] : (string[])["administrator", "technical"];
        foreach (var role in roles)
        {
            var at = (number++ * 7 + role.Length) % GivenNames.Length;
            var zh = customer.Locale == "zh-CN";
            var contact = new Contact { Id = Guid.CreateVersion7(), Customer = new CustomerKey(customer.Key), Email = $"{role}@{customer.Domain}" };
            new ContactDraft
            {
                Name = zh ? $"{GivenNames[at].Zh}" : AbroadNames[at], Role = role, Locale = customer.Locale, Phone = zh ? $"+86 138 0000 {1000 + number:0000}" : $"+1 555 01{number % 100:00}", ImAddress = $"{role}.{customer.Key}",
            }.WriteTo(contact);
            db.Add(contact);
        }
    }
}
