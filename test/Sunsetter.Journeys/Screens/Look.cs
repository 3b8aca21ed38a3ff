using Microsoft.Playwright;

namespace Sunsetter.Journeys.Screens;

/// <summary>One way of looking at a screen: language, light or dark, desk or phone.</summary>
internal sealed record Look(string Locale, ColorScheme Scheme, int Width)
{
    /// <summary>The two that differ in everything, and between them show each language, theme and width once.</summary>
    public static readonly IReadOnlyList<Look> Opposites = [new("en-GB", ColorScheme.Light, 1280), new("zh-CN", ColorScheme.Dark, 390)];

    /// <summary>All eight.</summary>
    public static readonly IReadOnlyList<Look> All =
    [
        .. from locale in (string[])["en-GB", "zh-CN"]
           from scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark]
           from width in (int[])[1280, 390]
           select new Look(locale, scheme, width),
    ];

    public bool IsPhone => Width < 700;

    public string Name => $"{Locale[..2]}-{(Scheme == ColorScheme.Dark ? "dark" : "light")}-{Width}";

    public BrowserNewContextOptions Context(string address) => new()
    {
        BaseURL = address,
        Locale = Locale,
        ColorScheme = Scheme,
        ViewportSize = new ViewportSize { Width = Width, Height = IsPhone ? 844 : 900 },
        ReducedMotion = ReducedMotion.Reduce,
    };
}
