using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class Custody : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Holder",
                table: "desk_units",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Moves",
                table: "desk_units",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Quality",
                table: "desk_units",
                type: "TEXT",
                nullable: false,
                defaultValue: "new");

            migrationBuilder.AddColumn<string>(
                name: "Seal",
                table: "desk_units",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Giver",
                table: "desk_unit_moves",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Number",
                table: "desk_unit_moves",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Reason",
                table: "desk_unit_moves",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Seal",
                table: "desk_unit_moves",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Carrier",
                table: "desk_stock_orders",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "OverdueAt",
                table: "desk_stock_orders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "DistanceKm",
                table: "desk_shipments",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "OverdueAt",
                table: "desk_shipments",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Waybill",
                table: "desk_shipments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Advance",
                table: "desk_returns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Carrier",
                table: "desk_returns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Eta",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NextAt",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "OverdueAt",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Reminders",
                table: "desk_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Sequence",
                table: "desk_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "ShippedAt",
                table: "desk_returns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "desk_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Wanted",
                table: "desk_reservations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AwaitedSku",
                table: "desk_part_lines",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "desk_carriers",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Terms = table.Column<string>(type: "TEXT", nullable: false),
                    Outage = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_carriers", x => new { x.Tenant, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "desk_hand_overs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", nullable: false),
                    Giver = table.Column<string>(type: "TEXT", nullable: false),
                    Receiver = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DecidedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_hand_overs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_losses",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Consignment = table.Column<string>(type: "TEXT", nullable: false),
                    Carrier = table.Column<string>(type: "TEXT", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: false),
                    To = table.Column<string>(type: "TEXT", nullable: false),
                    Ticket = table.Column<string>(type: "TEXT", nullable: true),
                    ShippedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpectedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LostAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Value = table.Column<decimal>(type: "TEXT", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", nullable: false),
                    Replacement = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedBy = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_losses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_part_catalogues",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Catalogue = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_part_catalogues", x => new { x.Tenant, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "desk_repairs",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Repairer = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: false),
                    Return = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    OrderedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Cost = table.Column<decimal>(type: "TEXT", nullable: true),
                    Currency = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_repairs", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_desk_stock_orders_OverdueAt",
                table: "desk_stock_orders",
                column: "OverdueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_shipments_OverdueAt",
                table: "desk_shipments",
                column: "OverdueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_NextAt",
                table: "desk_returns",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_OverdueAt",
                table: "desk_returns",
                column: "OverdueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_returns_Sequence",
                table: "desk_returns",
                column: "Sequence",
                unique: true,
                filter: "\"Sequence\" > 0");

            migrationBuilder.CreateIndex(
                name: "IX_desk_hand_overs_DueAt",
                table: "desk_hand_overs",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_hand_overs_Tenant_Serial",
                table: "desk_hand_overs",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_losses_Consignment",
                table: "desk_losses",
                column: "Consignment");

            migrationBuilder.CreateIndex(
                name: "IX_desk_losses_Tenant_State",
                table: "desk_losses",
                columns: new[] { "Tenant", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_repairs_Sequence",
                table: "desk_repairs",
                column: "Sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_repairs_Tenant_Serial",
                table: "desk_repairs",
                columns: new[] { "Tenant", "Serial" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_repairs_Tenant_State",
                table: "desk_repairs",
                columns: new[] { "Tenant", "State" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_carriers");

            migrationBuilder.DropTable(
                name: "desk_hand_overs");

            migrationBuilder.DropTable(
                name: "desk_losses");

            migrationBuilder.DropTable(
                name: "desk_part_catalogues");

            migrationBuilder.DropTable(
                name: "desk_repairs");

            migrationBuilder.DropIndex(
                name: "IX_desk_stock_orders_OverdueAt",
                table: "desk_stock_orders");

            migrationBuilder.DropIndex(
                name: "IX_desk_shipments_OverdueAt",
                table: "desk_shipments");

            migrationBuilder.DropIndex(
                name: "IX_desk_returns_NextAt",
                table: "desk_returns");

            migrationBuilder.DropIndex(
                name: "IX_desk_returns_OverdueAt",
                table: "desk_returns");

            migrationBuilder.DropIndex(
                name: "IX_desk_returns_Sequence",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Holder",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Moves",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Quality",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Seal",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "Giver",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Reason",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Seal",
                table: "desk_unit_moves");

            migrationBuilder.DropColumn(
                name: "Carrier",
                table: "desk_stock_orders");

            migrationBuilder.DropColumn(
                name: "OverdueAt",
                table: "desk_stock_orders");

            migrationBuilder.DropColumn(
                name: "DistanceKm",
                table: "desk_shipments");

            migrationBuilder.DropColumn(
                name: "OverdueAt",
                table: "desk_shipments");

            migrationBuilder.DropColumn(
                name: "Waybill",
                table: "desk_shipments");

            migrationBuilder.DropColumn(
                name: "Advance",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Carrier",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Eta",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "NextAt",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "OverdueAt",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Reminders",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Sequence",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "ShippedAt",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "desk_returns");

            migrationBuilder.DropColumn(
                name: "Wanted",
                table: "desk_reservations");

            migrationBuilder.DropColumn(
                name: "AwaitedSku",
                table: "desk_part_lines");
        }
    }
}
