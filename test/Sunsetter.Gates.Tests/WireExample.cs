using System.Text;

namespace Sunsetter.Gates.Tests;

/// <summary>The example of docs/gates-wire-format.md.</summary>
internal static class WireExample
{
    public const string Snapshot = """
        { "format": 1, "version": 42, "issuedAt": "2026-11-22T16:00:00.000Z",
          "modules": [ {
            "key": "rooms-legacy",
            "name": { "en": "Legacy rooms", "zh-CN": "旧版群聊室" },
            "why": { "en": "Few use it, and it keeps an insecure protocol alive.", "zh-CN": "使用者少，且依赖不安全的旧协议。" },
            "alternative": { "module": "spaces", "name": { "en": "Spaces", "zh-CN": "空间" }, "url": "https://example.com/spaces" },
            "contact": { "name": "Ms Lin", "url": "https://example.com/help", "email": "help@example.com" },
            "info": "https://example.com/announcements/rooms-legacy",
            "timelines": {
              "k3v9q2m1": [
                { "from": "2026-12-01T00:00:00.000Z", "state": "warned", "reason": "closing-announced" },
                { "from": "2026-12-12T02:00:00.000Z", "state": "brownout", "reason": "rehearsal" },
                { "from": "2026-12-12T02:15:00.000Z", "state": "warned", "reason": "closing-announced" },
                { "from": "2027-01-01T18:00:00.000Z", "state": "closed", "reason": "retired", "share": 50 },
                { "from": "2027-01-02T18:00:00.000Z", "state": "closed", "reason": "retired" } ],
              "p07xx4tz": [
                { "from": "2026-12-01T00:00:00.000Z", "state": "warned", "reason": "closing-announced" },
                { "from": "2027-03-01T18:00:00.000Z", "state": "closed", "reason": "retired" } ] },
            "default": "k3v9q2m1",
            "customers": { "huaxin": "p07xx4tz" } } ] }
        """;

    public const string Delta = """
        { "format": 1, "base": 42, "version": 43, "issuedAt": "2026-11-22T16:05:00.000Z",
          "modules": [ {
            "key": "rooms-legacy",
            "timelines": { "zz81k0aa": [ { "from": "2026-11-22T16:05:00.000Z", "state": "open", "reason": "restored" } ] },
            "customers": { "huaxin": "zz81k0aa", "moved-away": null } } ],
          "removed": [ "old-module" ] }
        """;

    public static GateSnapshot Read() => GateSnapshot.Read(Utf8(Snapshot)).Snapshot!;

    public static GateDelta ReadDelta() => GateDelta.Read(Utf8(Delta)).Delta!;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
}
