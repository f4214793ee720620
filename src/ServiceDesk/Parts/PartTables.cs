using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.ServiceDesk.Parts.Repairs;

namespace Seamless.ServiceDesk.Parts;

internal static class PartTables
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<DepotRow>().ToTable("desk_depots").HasKey(r => new { r.Tenant, r.Id });
        Units(model);
        Transport(model);
        ComingBack(model);
        model.Entity<CatalogueRow>(c =>
        {
            c.ToTable("desk_part_catalogues").HasKey(r => new { r.Tenant, r.Version });
            c.Json(r => r.Catalogue);
        });
    }

    private static void Units(ModelBuilder model)
    {
        model.Entity<UnitRow>(u =>
        {
            u.ToTable("desk_units").HasKey(r => new { r.Tenant, r.Serial });
            u.Property(r => r.Version).IsConcurrencyToken();
            u.Property(r => r.Quality).HasDefaultValue(UnitQuality.New);
            u.Property(r => r.Seal).HasDefaultValue("");
            u.HasIndex(r => new { r.Tenant, r.Sku, r.State });
        });
        model.Entity<UnitMoveRow>(m =>
        {
            m.ToTable("desk_unit_moves").HasKey(r => r.Id);
            m.Property(r => r.Seal).HasDefaultValue("");
            m.HasIndex(r => new { r.Tenant, r.Serial });
        });
        model.Entity<HandOverRow>(h =>
        {
            h.ToTable("desk_hand_overs").HasKey(r => r.Id);
            h.HasIndex(r => new { r.Tenant, r.Serial });
            h.HasIndex(r => r.DueAt);
            h.Property(r => r.Version).IsConcurrencyToken();
        });
        model.Entity<LossRow>(l =>
        {
            l.ToTable("desk_losses").HasKey(r => r.Id);
            l.HasIndex(r => new { r.Tenant, r.State });
            l.HasIndex(r => r.Consignment);
            l.Property(r => r.Version).IsConcurrencyToken();
        });
    }

    private static void Transport(ModelBuilder model)
    {
        model.Entity<ReservationRow>(r =>
        {
            r.ToTable("desk_reservations").HasKey(x => x.Id);
            r.HasIndex(x => new { x.Ticket, x.Sku, x.Ordinal }).IsUnique();
            r.HasIndex(x => new { x.Tenant, x.Serial });
            r.Ignore(x => x.WantedSku);
        });
        model.Entity<ShipmentRow>(s =>
        {
            s.ToTable("desk_shipments").HasKey(r => r.Id);
            s.HasIndex(r => new { r.Ticket, r.FromDepot, r.Ordinal }).IsUnique();
            s.HasIndex(r => r.DueAt);
            s.HasIndex(r => r.OverdueAt);
            s.Property(r => r.Version).IsConcurrencyToken();
            s.Json(r => r.Serials);
        });
        model.Entity<CarrierRow>(c =>
        {
            c.ToTable("desk_carriers").HasKey(r => new { r.Tenant, r.Id });
            c.Property(r => r.Version).IsConcurrencyToken();
            c.Json(r => r.Terms);
            c.Json(r => r.Outage);
        });
    }

    private static void ComingBack(ModelBuilder model)
    {
        model.Entity<ReturnRow>(r =>
        {
            r.ToTable("desk_returns").HasKey(x => x.Id);
            r.HasIndex(x => new { x.Tenant, x.Serial });
            r.HasIndex(x => x.Sequence).IsUnique().HasFilter("\"Sequence\" > 0");   // those from before there were numbers have none
            r.HasIndex(x => x.OverdueAt);
            r.HasIndex(x => x.NextAt);
            r.Property(x => x.Version).IsConcurrencyToken();
            r.Json(x => x.Advance);
        });
        model.Entity<RepairRow>(r =>
        {
            r.ToTable("desk_repairs").HasKey(x => x.Id);
            r.HasIndex(x => x.Sequence).IsUnique();
            r.HasIndex(x => new { x.Tenant, x.Serial });
            r.HasIndex(x => new { x.Tenant, x.State });
            r.Property(x => x.Version).IsConcurrencyToken();
        });
    }
}
