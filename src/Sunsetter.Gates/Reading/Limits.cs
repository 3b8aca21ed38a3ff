namespace Sunsetter.Gates.Reading;

/// <summary>The bounds of the wire format, as its document states them.</summary>
internal static class Limits
{
    public const int Bytes = 64 * 1024 * 1024;
    public const int Depth = 16;
    public const int Errors = 100;
    public const long Version = (1L << 53) - 1;
    public const int Modules = 10_000;
    public const int Timelines = 100_000;
    public const int Customers = 1_000_000;
    public const int Segments = 10_000;
    public const int Key = 100;
    public const int Customer = 200;
    public const int TimelineId = 40;
    public const int Languages = 20;
    public const int Language = 35;
    public const int Text = 4_000;
    public const int Url = 2_000;
    public const int ContactName = 200;
    public const int Email = 320;
    public const int Reason = 64;
}
