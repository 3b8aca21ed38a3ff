using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

public sealed class DaysTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "2027-01-08 10:00 (Asia/Shanghai)"), InlineData("America/New_York", "2027-01-07 21:00 (America/New_York)")]
    [InlineData("UTC", "2027-01-08 02:00 UTC"), InlineData("Etc/UTC", "2027-01-08 02:00 UTC")]
    public void An_instant_is_told_in_its_zone_and_says_which(string zone, string told) =>
        Assert.Equal(told, Days.Tell(new DateTimeOffset(2027, 1, 8, 2, 0, 0, TimeSpan.Zero), Days.Zone(zone)));
}
