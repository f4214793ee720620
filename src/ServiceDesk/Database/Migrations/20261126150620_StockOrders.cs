using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class StockOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Order",
                table: "desk_units",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AwaitedAt",
                table: "desk_part_lines",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "desk_stock_levels",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: false),
                    Target = table.Column<int>(type: "INTEGER", nullable: false),
                    Origin = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_stock_levels", x => new { x.Tenant, x.Sku, x.Depot });
                });

            migrationBuilder.CreateTable(
                name: "desk_stock_orders",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Sku = table.Column<string>(type: "TEXT", nullable: false),
                    Depot = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    Serial = table.Column<string>(type: "TEXT", nullable: true),
                    OrderedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ShippedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Eta = table.Column<long>(type: "INTEGER", nullable: true),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_stock_orders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "desk_stock_plans",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    ComputedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Budget = table.Column<decimal>(type: "TEXT", nullable: true),
                    Cost = table.Column<decimal>(type: "TEXT", nullable: false),
                    CostBefore = table.Column<decimal>(type: "TEXT", nullable: false),
                    Lines = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_stock_plans", x => x.Number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_desk_stock_orders_DueAt",
                table: "desk_stock_orders",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_desk_stock_orders_Tenant_Depot_Sku_Ordinal",
                table: "desk_stock_orders",
                columns: new[] { "Tenant", "Depot", "Sku", "Ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_desk_stock_orders_Tenant_Sku_State",
                table: "desk_stock_orders",
                columns: new[] { "Tenant", "Sku", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_desk_stock_plans_Tenant_Number",
                table: "desk_stock_plans",
                columns: new[] { "Tenant", "Number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_stock_levels");

            migrationBuilder.DropTable(
                name: "desk_stock_orders");

            migrationBuilder.DropTable(
                name: "desk_stock_plans");

            migrationBuilder.DropColumn(
                name: "Order",
                table: "desk_units");

            migrationBuilder.DropColumn(
                name: "AwaitedAt",
                table: "desk_part_lines");
        }
    }
}
