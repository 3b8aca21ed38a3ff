using Sunsetter.Client.Snapshots;

namespace Sunsetter.Client.Tests;

public sealed class StateDirectoryTests
{
    [Fact]
    public void A_rotated_key_finds_what_the_one_before_it_left_and_another_server_has_its_own()
    {
        static string? Of(string server, string key) => StateDirectory.Default(new SunsetterOptions { Server = new Uri(server), Key = key });
        Assert.Equal(Of("https://one.test", "sst_srv_k1_a"), Of("https://one.test", "sst_srv_k2_b"));
        Assert.NotEqual(Of("https://one.test", "sst_srv_k1_a"), Of("https://other.test", "sst_srv_k1_a"));
    }
}
