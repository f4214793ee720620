using System.ComponentModel.DataAnnotations;

namespace Seamless.ServiceDesk.Notifications;

/// <summary>How a mail server is spoken to.</summary>
public enum SmtpTls : byte
{
    /// <summary>Begins in plain and must go over to TLS before anything is said.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>No TLS: for a server on this machine.</summary>
    None,
}

/// <param name="From">The sender's address.</param>
public sealed record SmtpServer(string Host, int Port, SmtpTls Tls, string? User, string? Password, string From);

/// <param name="Key">Signs each request; without one it goes unsigned.</param>
public sealed record SmsGateway(Uri Url, string? Key);

public sealed class NotificationOptions
{
    /// <summary>Who answers for a message about a ticket that nobody is assigned to. No message goes out without a name.</summary>
    [Required]
    public string Signature { get; set; } = "Service desk";

    /// <summary>Where people reach the portal; without it messages have no link.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>A message that ought to have gone so long ago is not sent any more: after a downtime nobody is flooded.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Recipients' addresses may be on this machine or in the private network.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    public SmtpServer? Smtp { get; set; }
    public SmsGateway? Sms { get; set; }
}
