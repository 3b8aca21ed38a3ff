using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>Links in mails lead to where the server listens, until somebody says where customers reach it.</summary>
public sealed class StartOptionsTests
{
    [Theory]
    [InlineData("http://localhost:5188", "--port", "5188")]
    [InlineData("https://sunset.vendor.test", "--urls", "https://sunset.vendor.test/;http://localhost:80")]
    [InlineData("http://localhost:8080", "--urls=http://*:8080")]
    [InlineData("http://localhost:8080", "--urls=http://0.0.0.0:8080")]
    public void The_address_is_the_first_on_which_it_listens(string address, params string[] args)
    {
        Assert.Equal(address, StartOptions.Read(args).Address);
    }

    [Theory, EachDatabase]
    public async Task A_workspace_that_nobody_has_filled_in_has_the_address_of_the_server(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (settings, cancel) = (server.Get<Settings>(), TestContext.Current.CancellationToken);

        Assert.Equal(server.Get<StartOptions>().Address, (await settings.Get<Workspace>(cancel)).PublicUrl);

        await settings.Set(new Workspace { PublicUrl = "https://sunset.vendor.test" }, "test", cancel);
        Assert.Equal("https://sunset.vendor.test", (await settings.Get<Workspace>(cancel)).PublicUrl);
    }
}
