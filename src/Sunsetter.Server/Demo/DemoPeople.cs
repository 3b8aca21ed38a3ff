using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Demo;

/// <summary>Who works at the invented vendor: two of each role that approves, so that nobody must approve their own proposal.</summary>
internal static class DemoPeople
{
    public const string Lin = "lin.chen@magpie.example";
    public const string WangJun = "wang.jun@magpie.example";
    public const string Yue = "lin.yue@magpie.example";
    public const string ChenWei = "chen.wei@magpie.example";
    public const string Qa = "zhou.ting@magpie.example";
    public const string Operations = "he.lei@magpie.example";
    public const string Support = "xu.fang@magpie.example";
    public const string Sales = "sam.reed@magpie.example";
    public const string Compliance = "tang.min@magpie.example";
    public const string Success = "nora.hale@magpie.example";
    public const string SecondProduct = "gao.yuan@magpie.example";

    private static readonly (string Email, string Name, Role[] Roles, string Locale)[] All =
    [
        (Lin, "Lin Chen 陈琳", [Role.Product], "en"),
        (SecondProduct, "Gao Yuan 高远", [Role.Product], "zh-CN"),
        (WangJun, "Wang Jun 王军", [Role.Engineering], "zh-CN"),
        ("ivo.brandt@magpie.example", "Ivo Brandt", [Role.Engineering], "en"),
        (Qa, "Zhou Ting 周婷", [Role.Qa], "zh-CN"),
        (Operations, "He Lei 何磊", [Role.Operations], "zh-CN"),
        (Support, "Xu Fang 徐芳", [Role.Support], "zh-CN"),
        (Yue, "Lin Yue 林悦", [Role.Success], "zh-CN"),
        (ChenWei, "Chen Wei 陈伟", [Role.Success], "zh-CN"),
        (Success, "Nora Hale", [Role.Success], "en"),
        (Sales, "Sam Reed", [Role.Sales], "en"),
        (Compliance, "Tang Min 唐敏", [Role.Compliance], "zh-CN"),
    ];

    /// <summary>Account managers, in the order in which customers are given to them.</summary>
    public static readonly string[] AccountManagers = [Yue, ChenWei, Success];

    /// <summary>Who answers for a team in the stories.</summary>
    public static string Of(Role team) => All.First(person => person.Roles.Contains(team)).Email;

    public static async Task Add(People people, CancellationToken cancel)
    {
        foreach (var (email, name, roles, locale) in All)
            if (await people.Find(email, cancel) is null)
                await people.Add(email, name, roles, locale, cancel);
    }
}
