using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Commerce;

internal static class CommerceTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<DocumentRow>().ToTable("desk_documents").HasKey(r => new { r.Tenant, r.Kind, r.Version });
        model.Entity<ContractRow>(c =>
        {
            c.ToTable("desk_contracts").HasKey(r => r.Number);
            c.Property(r => r.Version).IsConcurrencyToken();
            c.HasIndex(r => r.Sequence).IsUnique();
            c.HasIndex(r => r.DueAt);
            c.HasIndex(r => new { r.Tenant, r.Device });
            c.Json(r => r.Outcome);
        });
        model.Entity<QuoteRow>(q =>
        {
            q.ToTable("desk_quotes").HasKey(r => new { r.Number, r.Revision });
            q.Property(r => r.Version).IsConcurrencyToken();
            q.HasIndex(r => new { r.Ticket, r.Revision }).IsUnique();
            q.HasIndex(r => r.DueAt);
            q.Json(r => r.Coverage);
            q.Json(r => r.Lines);
        });
        model.Entity<InvoiceRow>(i =>
        {
            i.ToTable("desk_invoices").HasKey(r => r.Number);
            i.HasIndex(r => r.Sequence).IsUnique();
            i.HasIndex(r => r.Ticket);
            i.Json(r => r.Lines);
        });
    }
}
