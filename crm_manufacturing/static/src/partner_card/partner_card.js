import {formatFloat} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";
import {Component, onWillUpdateProps, useState} from "@odoo/owl";

/**
 * Figures of a contact on his form, or on the form of one of his scores. They are read
 * by a call of their own, after the form is there.
 */
export class PartnerCard extends Component {
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({loading: true, figures: null});
        this.load(this.props);
        onWillUpdateProps((props) => {
            if (this.partnerId !== this.getPartnerId(props.record)) {
                this.load(props);
            }
        });
    }

    getPartnerId(record) {
        const isScore = record.resModel === "partner.score";
        return (isScore ? record.data.partner_id?.id : record.resId) || false;
    }

    async load({record}) {
        const partnerId = (this.partnerId = this.getPartnerId(record));
        this.state.loading = Boolean(partnerId);
        const figures = partnerId && (await this.read(partnerId));
        // who has turned to another contact meanwhile waits for his figures
        if (partnerId === this.partnerId) {
            Object.assign(this.state, {loading: false, figures});
        }
    }

    /** The figures of a contact, by a promise. Each card has its own. */
    read() {
        throw new Error("a card says what it reads");
    }

    number(value, digits = 1) {
        return formatFloat(value, {digits: [16, digits]});
    }
}
