using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

public sealed class DaysTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "8 Jan 2027 10:00 (Asia/Shanghai)", "2027年1月8日 10:00（北京时间）"), InlineData("America/New_York", "7 Jan 2027 21:00 (America/New_York)", "2027年1月7日 21:00（America/New_York）")]
    [InlineData("UTC", "8 Jan 2027 02:00 (UTC)", "2027年1月8日 02:00（UTC）"), InlineData("Etc/UTC", "8 Jan 2027 02:00 (UTC)", "2027年1月8日 02:00（UTC）")]
    public void An_instant_is_told_in_its_zone_and_says_which(string zone, string en, string zh) =>
        Assert.Equal(new Text(en, zh), Days.Tell(new DateTimeOffset(2027, 1, 8, 2, 0, 0, TimeSpan.Zero), Days.Zone(zone)));
}
