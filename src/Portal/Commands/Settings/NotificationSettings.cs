using MimeKit;
using Seamless.ServiceDesk.Notifications;

namespace Seamless.Portal.Commands.Settings;

/// <summary>What the configuration says of messages.</summary>
internal static class NotificationSettings
{
    public static void Apply(PlatformSettings settings, NotificationOptions notifications)
    {
        notifications.Signature = settings[SettingsSchema.Signature];
        notifications.PublicUrl = settings.Optional(SettingsSchema.PublicUrl) is { } url ? new Uri(url) : null;
        notifications.ExpireAfter = settings.Duration(SettingsSchema.MessagesExpire);
        notifications.AllowPrivateAddresses = settings.Flag(SettingsSchema.AllowPrivateAddresses);
        notifications.Smtp = settings.Optional(SettingsSchema.SmtpHost) is { } host
            ? new SmtpServer(host, settings.Number(SettingsSchema.SmtpPort), Enum.Parse<SmtpTls>(settings[SettingsSchema.SmtpTls], ignoreCase: true), settings.Optional(SettingsSchema.SmtpUser), settings.Optional(SettingsSchema.SmtpPassword), settings[SettingsSchema.SmtpFrom])
            : null;
        notifications.Sms = settings.Optional(SettingsSchema.SmsUrl) is { } gateway ? new SmsGateway(new Uri(gateway), settings.Optional(SettingsSchema.SmsKey)) : null;
    }

    public static string? WhatContradicts(PlatformSettings settings)
    {
        if (settings.Optional(SettingsSchema.SmtpHost) is null) return null;
        if (!MailboxAddress.TryParse(settings[SettingsSchema.SmtpFrom], out var from) || !from.Address.Contains('@', StringComparison.Ordinal))
            return $"{SettingsSchema.SmtpFrom}: '{settings[SettingsSchema.SmtpFrom]}' is not the address that e-mails come from, such as desk@example.com";
        return settings.Optional(SettingsSchema.SmtpUser) is not null && settings[SettingsSchema.SmtpTls].Equals(nameof(SmtpTls.None), StringComparison.OrdinalIgnoreCase)
            ? $"{SettingsSchema.SmtpTls}: a password is not sent in plain; use starttls or tls, or leave out {SettingsSchema.SmtpUser}"
            : null;
    }
}
