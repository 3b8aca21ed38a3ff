namespace Sunsetter.Harness;

/// <summary>The files that make a Postfix private: its own queue, one maildir, no way out of the machine.</summary>
internal static class PostfixConfiguration
{
    public static void Write(string directory, int port)
    {
        File.WriteAllText($"{directory}/config/main.cf", $"""
            compatibility_level = 3.6
            config_directory = {directory}/config
            queue_directory = {directory}/queue
            data_directory = {directory}/data
            maillog_file_prefixes = {directory}
            maillog_file = {directory}/log
            inet_interfaces = loopback-only
            inet_protocols = ipv4
            myhostname = mail.test
            mydestination =
            alias_maps =
            local_recipient_maps =
            mynetworks = 127.0.0.0/8
            virtual_mailbox_domains = regexp:{directory}/config/domains
            virtual_mailbox_maps = regexp:{directory}/config/mailboxes
            virtual_mailbox_base = {directory}/mail
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            smtpd_recipient_restrictions = check_recipient_access regexp:{directory}/config/access, permit_mynetworks, reject
            smtpd_client_connection_count_limit = 0
            default_transport = error:nothing leaves this machine
            relay_transport = error:nothing leaves this machine

            """);
        File.WriteAllText($"{directory}/config/master.cf", $"""
            127.0.0.1:{port} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            retry unix - - n - - error
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd

            """);
        File.WriteAllText($"{directory}/config/domains", "/./ OK\n");
        // A pattern table may not build a path from what the sender wrote, so all mail shares one maildir; Delivered-To tells it apart.
        File.WriteAllText($"{directory}/config/mailboxes", "if !/^gone[.@]/\n/./ inbox/\nendif\n");
        File.WriteAllText($"{directory}/config/access", "/^busy[.@]/ 450 4.2.1 The mailbox is busy, try again later\n");
    }
}
