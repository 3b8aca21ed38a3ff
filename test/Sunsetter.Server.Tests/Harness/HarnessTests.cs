using MailKit.Net.Smtp;
using MimeKit;
using Npgsql;

namespace Sunsetter.Harness;

public sealed class HarnessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_of_the_cluster_is_empty_and_its_own()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        var cluster = await PostgresCluster.SharedAsync();
        await using var first = new NpgsqlConnection(await cluster.CreateDatabaseAsync(Cancel));
        await using var second = new NpgsqlConnection(await cluster.CreateDatabaseAsync(Cancel));
        await first.OpenAsync(Cancel);
        await second.OpenAsync(Cancel);
        await new NpgsqlCommand("CREATE TABLE mine (id int)", first).ExecuteNonQueryAsync(Cancel);

        var found = await new NpgsqlCommand("SELECT count(*) FROM pg_tables WHERE tablename = 'mine'", second).ExecuteScalarAsync(Cancel);

        Assert.Equal(0L, found);
    }

    [Fact]
    public async Task The_mail_server_delivers_to_the_living_and_refuses_those_who_left()
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", postfix.Port, MailKit.Security.SecureSocketOptions.None, Cancel);

        await client.SendAsync(Mail("anna@huaxin.test"), Cancel);
        var gone = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail("gone.li@huaxin.test"), Cancel));
        var busy = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail("busy.wu@huaxin.test"), Cancel));

        Assert.Equal((550, 450), ((int)gone.StatusCode, (int)busy.StatusCode));
        var delivered = Assert.Single(await postfix.WaitForMailAsync("anna@huaxin.test", Cancel));
        Assert.Equal("你好", delivered.Subject);
    }

    private static MimeMessage Mail(string to) =>
        new([new MailboxAddress("Operations", "ops@vendor.test")], [new MailboxAddress("", to)], "你好", new TextPart("plain") { Text = "hello" });
}
