namespace Sunsetter.Server.Demo;

/// <summary>Two hundred invented customers: eight with a story, the rest from names and trades put together.</summary>
internal static class DemoCustomers
{
    public const int Count = 200;
    public const int AllUsers = 20_000;

    /// <summary>Their administrator has left; mail to them bounces.</summary>
    public const string Left = "huaxin-bank";

    /// <summary>A bot of theirs calls the module every quarter of an hour.</summary>
    public const string Bot = "orbit-labs";

    /// <summary>Uses the module at the end of each quarter only.</summary>
    public const string QuarterEnd = "meiya-retail";

    /// <summary>Had moved, and uses the old module again.</summary>
    public const string WentBack = "bluepine-clinics";

    /// <summary>Runs the product in their own house and sends no reports.</summary>
    public const string OnPremises = "tiangong-parts";

    /// <summary>Has moved wholly.</summary>
    public const string Moved = "qiming-school";

    private static readonly DemoCustomer[] WithStory =
    [
        new(Left, "Huaxin Bank", "华信银行", "enterprise", "key", DemoPeople.Yue, 1204, 2_800_000, "CNY", 180, "Asia/Shanghai", "zh-CN", "CN", Left),
        new(Bot, "Orbit Labs", "轨道实验室", "enterprise", "key", DemoPeople.ChenWei, 640, 310_000, "USD", 90, "America/New_York", "en", "US", Bot),
        new(QuarterEnd, "Meiya Retail", "美雅零售", "business", "standard", DemoPeople.ChenWei, 410, 420_000, "CNY", null, "Asia/Shanghai", "zh-CN", "CN", QuarterEnd),
        new("northwind-freight", "Northwind Freight", "北风货运", "business", "standard", DemoPeople.Success, 430, 96_000, "EUR", 60, "Europe/Berlin", "en", "DE", null),
        new(WentBack, "Bluepine Clinics", "蓝松诊所", "business", "standard", DemoPeople.Success, 180, 64_000, "USD", null, "America/Chicago", "en", "US", WentBack),
        new(Moved, "Qiming School", "启明学校", "standard", "standard", DemoPeople.Yue, 152, 38_000, "CNY", null, "Asia/Shanghai", "zh-CN", "CN", Moved),
        new(OnPremises, "Tiangong Parts", "天工零部件", "business", "standard", DemoPeople.ChenWei, 230, 210_000, "CNY", 60, "Asia/Shanghai", "zh-CN", "CN", OnPremises),
        new("golden-harvest-insurance", "Golden Harvest Insurance", "金穗保险", "enterprise", "enterprise", DemoPeople.Yue, 980, 1_900_000, "CNY", 120, "Asia/Shanghai", "zh-CN", "CN", null),
    ];

    private static readonly (string En, string Zh)[] HomeNames =
    [
        ("Yunhe", "云禾"), ("Lantian", "蓝田"), ("Hengtong", "恒通"), ("Baichuan", "百川"), ("Jinling", "金陵"), ("Xinghai", "星海"), ("Ruifeng", "瑞丰"), ("Dongsheng", "东升"), ("Minghe", "明和"), ("Changqing", "长青"),
        ("Zhongyuan", "中原"), ("Huarui", "华瑞"), ("Pinggu", "平谷"), ("Tianyu", "天宇"), ("Shengda", "盛达"), ("Anping", "安平"), ("Fulin", "福临"), ("Kunpeng", "鲲鹏"), ("Linhai", "林海"), ("Wanxiang", "万象"),
    ];

    private static readonly (string En, string Zh)[] AbroadNames =
    [
        ("Redwood", "红杉林"), ("Harbor", "港湾"), ("Summit", "峰顶"), ("Maple", "枫叶"), ("Falcon", "猎鹰"), ("Silverlake", "银湖"), ("Granite", "花岗"), ("Everdale", "恒谷"), ("Kestrel", "红隼"), ("Brightwater", "明水"),
    ];

    private static readonly (string En, string Zh)[] Trades =
    [
        ("Bank", "银行"), ("Hospital", "医院"), ("Retail", "零售"), ("Logistics", "物流"), ("Insurance", "保险"), ("School", "学校"), ("Foods", "食品"), ("Energy", "能源"), ("Pharma", "制药"), ("Motors", "汽车"),
        ("Media", "传媒"), ("Games", "游戏"), ("Textiles", "纺织"), ("Securities", "证券"), ("Airlines", "航空"), ("Software", "软件"), ("Foundry", "铸造"), ("Tea", "茶业"),
    ];

    private static readonly (string Zone, string Country, string Currency)[] Abroad =
        [("Europe/Berlin", "DE", "EUR"), ("America/New_York", "US", "USD"), ("Asia/Singapore", "SG", "SGD"), ("Asia/Tokyo", "JP", "JPY"), ("Europe/London", "GB", "GBP")];

    public static IReadOnlyList<DemoCustomer> Make(Random chance)
    {
        var customers = new List<DemoCustomer>(WithStory);
        var keys = customers.Select(customer => customer.Key).ToHashSet();
        var left = AllUsers - customers.Sum(customer => customer.Users);
        var weights = Enumerable.Range(0, Count - customers.Count).Select(rank => 1 / Math.Pow(rank + 6, 0.85)).ToArray();
        for (var rank = 0; rank < weights.Length; rank++)
        {
            var users = rank == weights.Length - 1
                ? AllUsers - customers.Sum(customer => customer.Users)
                : Math.Max(6, (int)(left * weights[rank] / weights.Sum()));
            customers.Add(One(rank, users, keys, chance));
        }
        return customers;
    }

    private static DemoCustomer One(int rank, int users, HashSet<string> keys, Random chance)
    {
        while (true)
        {
            var home = chance.NextDouble() < 0.75;
            var name = home ? HomeNames[chance.Next(HomeNames.Length)] : AbroadNames[chance.Next(AbroadNames.Length)];
            var trade = Trades[chance.Next(Trades.Length)];
            var key = $"{name.En}-{trade.En}".ToLowerInvariant();
            if (!keys.Add(key))
                continue;
            var (zone, country, currency) = home ? ("Asia/Shanghai", "CN", "CNY") : Abroad[chance.Next(Abroad.Length)];
            var tier = rank < 14 ? "enterprise" : rank < 70 ? "business" : "standard";
            var kind = rank < 6 ? "key" : rank < 14 ? "enterprise" : "standard";
            var value = Math.Round(users * (decimal)(900 + chance.Next(900)) / (home ? 1 : 7) / 1000) * 1000;
            return new DemoCustomer(key, $"{name.En} {trade.En}", name.Zh + trade.Zh, tier, kind, DemoPeople.AccountManagers[rank % 3], users, Math.Max(2000, value), currency,
                kind == "standard" ? chance.Next(4) == 0 ? 60 : null : 90 + 30 * chance.Next(3), zone, home ? "zh-CN" : "en", country, null);
        }
    }
}
