namespace Seamless.ServiceDesk.Notifications.Recipients;

/// <summary>As much of an address as one needs to recognise it, and nothing that lets one use it.</summary>
internal static class AddressMask
{
    public static string Of(Channel channel, string address) => channel switch
    {
        Channel.Email when address.LastIndexOf('@') is > 0 and var at => $"{address[0]}…{address[at..]}",
        Channel.Sms when address.Length > 6 => $"{address[..3]}…{address[^2..]}",
        _ when Uri.TryCreate(address, UriKind.Absolute, out var url) => $"{url.Scheme}://{url.Authority}/…",
        _ => "…",
    };
}
