using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>The announcements for programs: Atom (RFC 4287) and iCalendar (RFC 5545).</summary>
internal static class Feeds
{
    public static void MapFeeds(this WebApplication app)
    {
        app.MapMethods("/announcements/feed.atom", [HttpMethods.Get, HttpMethods.Head], async (PublicAnnouncements announcements, Settings settings, CancellationToken cancel) =>
            Results.Bytes(Atom(await announcements.All(cancel), await settings.Get<Platform.Workspace>(cancel)), "application/atom+xml; charset=utf-8"))
            .AllowAnonymous().ExcludeFromDescription();

        app.MapMethods("/announcements/calendar.ics", [HttpMethods.Get, HttpMethods.Head], async (PublicAnnouncements announcements, Settings settings, CancellationToken cancel) =>
            Results.Text(Calendar(await announcements.All(cancel), await settings.Get<Platform.Workspace>(cancel)), "text/calendar", Encoding.UTF8))
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static byte[] Atom(IReadOnlyList<PublicAnnouncements.Announcement> announcements, Platform.Workspace workspace)
    {
        var feed = new SyndicationFeed(
            Console.Words.T($"{workspace.Vendor.En}: modules that end", $"{workspace.Vendor.Zh}：停止服务公告"), null, new Uri($"{workspace.PublicUrl}/announcements"),
            $"{workspace.PublicUrl}/announcements", announcements.Count > 0 ? announcements[0].Updated : DateTimeOffset.UnixEpoch)
        {
            Language = Languages.IsChinese ? "zh-CN" : "en",
            Items = [.. announcements.Select(one => Entry(one, workspace))],
        };
        feed.Authors.Add(new SyndicationPerson(workspace.SupportEmail, workspace.Vendor.ToString(), workspace.PublicUrl));
        feed.Links.Add(SyndicationLink.CreateSelfLink(new Uri($"{workspace.PublicUrl}/announcements/feed.atom"), "application/atom+xml"));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
            feed.SaveAsAtom10(writer);
        return bytes.ToArray();
    }

    private static SyndicationItem Entry(PublicAnnouncements.Announcement one, Platform.Workspace workspace)
    {
        var url = $"{workspace.PublicUrl}/announcements/{one.Retirement.Id}";
        return new SyndicationItem(one.Title.ToString(), one.Summary.ToString(), new Uri(url), $"urn:uuid:{one.Retirement.Id.Value}", one.Updated)
        {
            PublishDate = one.Retirement.Announcing.PublishedAt!.Value,
        };
    }

    private static string Calendar(IReadOnlyList<PublicAnnouncements.Announcement> announcements, Platform.Workspace workspace)
    {
        var calendar = new Ical.Net.Calendar { ProductId = "-//Sunsetter//Announcements//EN", Method = CalendarMethods.Publish };
        foreach (var one in announcements.Where(one => one.Retirement.Schedule is not null))
            calendar.Events.Add(Event(one, one.Retirement.Schedule!, workspace));
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalendarEvent Event(PublicAnnouncements.Announcement one, Schedule schedule, Platform.Workspace workspace) => new()
    {
        Uid = $"{one.Retirement.Id}@sunsetter",
        Summary = one.Title.ToString(),
        Description = one.Summary.ToString(),
        Url = new Uri($"{workspace.PublicUrl}/announcements/{one.Retirement.Id}"),
        Start = new CalDateTime(schedule.InstantOf(schedule.ClosesOn).UtcDateTime, "UTC"),
        Duration = Duration.FromMinutes(15),
        DtStamp = new CalDateTime(one.Updated.UtcDateTime, "UTC"),
        // A moved date must replace the old entry in calendars that have it.
        Sequence = Math.Max(0, one.Retirement.Version),
        Status = one.CalledOff ? EventStatus.Cancelled : EventStatus.Confirmed,
        Transparency = TransparencyType.Transparent,
    };
}
