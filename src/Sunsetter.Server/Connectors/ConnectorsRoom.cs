using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Connectors.Smtp;
using Sunsetter.Server.Connectors.TeamChat;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Connectors;

/// <summary>One folder per outside system.</summary>
internal static class ConnectorsRoom
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var mail = configuration.GetSection("Mail").Get<MailOptions>() ?? new MailOptions();
        var problems = mail.Problems().ToList();
        if (problems.Count > 0)
            throw new CannotStart(new Refusal("start.mail", string.Join(" ", problems), $"邮件设置有误：{string.Join(" ", problems)}"));
        services.AddSingleton(mail);
        services.AddSingleton<SmtpConnections>();
        services.AddSingleton<IConnector, SmtpConnector>();

        services.AddSingleton(OutsideTarget.From(configuration));
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<IConnector, SlackRobot>();
        services.AddSingleton<IConnector, WeComRobot>();
        services.AddSingleton<IConnector, DingTalkRobot>();
        services.AddSingleton<IConnector, FeishuRobot>();
    }
}
